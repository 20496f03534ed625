"""Addresses of this room."""

from django.urls import path

from junheng.web.data_centre.collecting import views as collecting
from junheng.web.data_centre.corrections import views as corrections
from junheng.web.data_centre.holdings import views as holdings
from junheng.web.data_centre.mappings import views as mappings
from junheng.web.data_centre.uploads import views as uploads
from junheng.web.data_centre.versions import views as versions

app_name = "data"
_upload = "data/uploads/<int:upload>/"
_collection = "data/collections/<int:collection>/"
_submission = "data/submissions/<int:submission>/"

urlpatterns = [
    path("data/", holdings.index, name="index"),
    path("data/tables/<str:table>/", holdings.table, name="table"),
    path("data/tables/<str:table>/rows", holdings.table_file, name="table_file"),
    path("data/template.xlsx", holdings.template_all, name="template_all"),
    path("data/templates/<str:table>.xlsx", holdings.template, name="template"),
    path("data/doubts/", holdings.doubts, name="doubts"),
    path("data/progress/", collecting.progress, name="progress"),
    path("data/collections/new/", collecting.collection_new, name="collection_new"),
    path(_collection, collecting.collection, name="collection"),
    path(f"{_collection}remind/", collecting.remind, name="remind"),
    path(f"{_collection}all/", collecting.collection_all, name="collection_all"),
    path(f"{_collection}due/", collecting.collection_due, name="collection_due"),
    path(_submission, collecting.submission, name="submission"),
    path(f"{_submission}steps/<str:verb>/", collecting.step, name="step"),
    path(f"{_submission}corrections/new/", corrections.new, name="correction_new"),
    path("data/corrections/<int:correction>/", corrections.one, name="correction"),
    path("data/upload/", uploads.fill, name="upload"),
    path("data/import/", uploads.bring, name="import"),
    path("data/uploads/", uploads.uploads, name="uploads"),
    path(_upload, uploads.upload, name="upload_one"),
    path(f"{_upload}progress/", uploads.progress, name="upload_progress"),
    path(f"{_upload}check/", uploads.check, name="upload_check"),
    path(f"{_upload}commit/", uploads.commit, name="upload_commit"),
    path(f"{_upload}files/<int:number>", uploads.original, name="upload_original"),
    path(f"{_upload}marked/<str:file>", uploads.marked, name="upload_marked"),
    path(f"{_upload}mapping/", mappings.edit, name="upload_mapping"),
    path(f"{_upload}mapping.toml", mappings.file_of, name="upload_mapping_file"),
    path(f"{_upload}mapping/draft/", mappings.draft, name="upload_draft"),
    path(f"{_upload}mapping/use/", mappings.use, name="upload_use_mapping"),
    path("data/mappings/", mappings.saved, name="mappings"),
    path("data/mappings/add/", mappings.add, name="mapping_add"),
    path("data/mappings/<int:mapping>.toml", mappings.saved_file, name="mapping_file"),
    path("data/versions/", versions.versions, name="versions"),
    path("data/versions/<str:version>/", versions.version, name="version"),
    path("data/versions/<str:version>/restore/", versions.restore, name="version_restore"),
    path("data/versions/<str:version>/<str:table>", versions.version_file, name="version_file"),
]

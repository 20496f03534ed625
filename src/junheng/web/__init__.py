"""The desk people sit at: Django, one application a room, thin views, one layout."""

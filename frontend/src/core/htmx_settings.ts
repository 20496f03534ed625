/**
 * Settings of htmx, left where it looks for them before it starts (this module is imported first). Where the
 * page brings its own, those stand.
 *
 * noSwap: an error page never replaces a fragment; a form that wants its 422 says `hx-status:422`, which goes
 * first. history "reload": going back asks the server, so no page is put together from two states.
 * includeIndicatorCSS: the stylesheet is the page's own.
 */
const settings = {
  noSwap: [204, 304, "4xx", "5xx"],
  history: "reload",
  includeIndicatorCSS: false,
  implicitInheritance: false,
  defaultTimeout: 30000,
};

if (!document.querySelector('meta[name="htmx-config"]')) {
  const meta = document.createElement("meta");
  meta.name = "htmx-config";
  meta.content = JSON.stringify(settings);
  document.head.append(meta);
}

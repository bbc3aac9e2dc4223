package dev.cairn.node.gateway;

import dev.cairn.files.block.ByteSize;
import java.util.List;
import java.util.OptionalLong;

/// The page of a folder. Names are other people's: in text they are escaped for HTML, in links they
/// are percent-encoded behind `./`, so that none can be a scheme, a host or a query.
final class ListingPage {

  /// Entries shown; a folder with more says so and offers its CAR.
  static final int ENTRIES_MAX = 10_000;

  /// Characters of all names shown together: each may take eight times that in a page.
  static final int NAME_CHARS_MAX = 1 << 20;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #d9dee4; --dim: #66707c; --link: #0b62c4; --row: #f5f7f9; }
      @media (prefers-color-scheme: dark) {
        :root { --line: #343b44; --dim: #9aa5b1; --link: #6cb0ff; --row: #1d2229; } }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.3rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
      p { color: var(--dim); margin: .2rem 0 1.2rem; overflow-wrap: anywhere; }
      table { border-collapse: collapse; width: 100%; }
      th { text-align: left; font-weight: 500; color: var(--dim); }
      th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
      tbody tr:hover { background: var(--row); }
      td.name { overflow-wrap: anywhere; width: 100%; }
      td.size, th.size { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
      td.cid { font: 12px/1.5 ui-monospace, monospace; white-space: nowrap; }
      td.cid a { color: var(--dim); }
      a { color: var(--link); text-decoration: none; }
      a:hover { text-decoration: underline; }
      """;

  /// One entry of a folder.
  ///
  /// @param size bytes of content, where the folder tells
  record Entry(String name, String cid, boolean folder, OptionalLong size) {}

  private ListingPage() {}

  /// @param title the folder's path, as a person would write it
  /// @param cid of the folder
  /// @param parent whether there is a folder above it
  /// @param more whether the folder has more entries than these
  static String of(String title, String cid, boolean parent, List<Entry> entries, boolean more) {
    StringBuilder page = new StringBuilder(4_096 + entries.size() * 400);
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>")
        .append(escape(title))
        .append("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(escape(title))
        .append("</h1>\n<p>")
        .append(escape(cid))
        .append(" &middot; ")
        .append(entries.size())
        .append(entries.size() == 1 ? " entry" : " entries")
        .append(" &middot; <a href=\"?format=car\">CAR</a></p>\n")
        .append("<table><thead><tr><th>Name</th><th class=\"size\">Size</th><th>CID</th></tr>")
        .append("</thead><tbody>\n");
    if (parent) {
      page.append("<tr><td class=\"name\"><a href=\"../\">..</a></td><td></td><td></td></tr>\n");
    }
    entries.forEach(e -> row(page, e));
    page.append("</tbody></table>\n");
    if (more) {
      page.append("<p>The folder has more entries than are shown here.</p>\n");
    }
    return page.append("</body></html>\n").toString();
  }

  private static void row(StringBuilder page, Entry entry) {
    String slash = entry.folder() ? "/" : "";
    page.append("<tr><td class=\"name\"><a href=\"./")
        .append(UrlText.encode(entry.name()))
        .append(slash)
        .append("\">")
        .append(escape(entry.name()))
        .append(slash)
        .append("</a></td><td class=\"size\">")
        .append(entry.size().isPresent() ? ByteSize.shown(entry.size().getAsLong()) : "")
        .append("</td><td class=\"cid\"><a href=\"/ipfs/")
        .append(UrlText.encode(entry.cid()))
        .append("\" title=\"")
        .append(escape(entry.cid()))
        .append("\">")
        .append(escape(shortened(entry.cid())))
        .append("</a></td></tr>\n");
  }

  private static String shortened(String cid) {
    return cid.length() <= 20
        ? cid
        : cid.substring(0, 8) + "\u2026" + cid.substring(cid.length() - 6);
  }

  /// Text between tags or in a quoted attribute. Control characters and those that change the
  /// direction of writing are shown as a placeholder.
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default ->
                    out.appendCodePoint(
                        Character.isISOControl(point)
                                || Character.getType(point) == Character.FORMAT
                            ? 0xfffd
                            : point);
              }
            });
    return out.toString();
  }
}

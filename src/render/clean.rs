//! The last gate: what is not on this list is on no page, whatever came before.

use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const TAGS: &str = "a b blockquote br code dd del details div dl dt em h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s \
    small span strong sub summary sup table tbody td tfoot th thead tr ul";

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let set = |words: &'static str| words.split_whitespace().collect::<HashSet<_>>();
    let mut builder = Builder::default();
    builder
        .tags(set(TAGS))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", set("href rel")),
            ("div", set("id tabindex")),
            ("h2", set("id")),
            ("h3", set("id")),
            ("h4", set("id")),
            ("h5", set("id")),
            ("h6", set("id")),
            ("img", set("src alt loading")),
            ("input", set("type disabled checked aria-label")),
            ("ol", set("start")),
            ("pre", set("tabindex")),
            ("span", set("title")),
        ]))
        .allowed_classes(HashMap::from([
            ("blockquote", set("markdown-alert-note markdown-alert-tip markdown-alert-important markdown-alert-warning markdown-alert-caution")),
            ("div", set("scroll footnote")),
            ("p", set("odd")),
            ("pre", set("odd")),
            ("span", set("away picture nobody odd hc hs hn hk hf ht hv ho hp hi hd")),
        ]))
        .url_schemes(set("http https mailto tel slack ssh irc ircs xmpp sip geo data"))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("input", "type") if value != "checkbox" => None,
            ("img", "src") if !is_ours(value) => None,
            // An address that is a document of its own is for images alone.
            ("a", "href") if value.trim_start().get(..5).is_some_and(|s| s.eq_ignore_ascii_case("data:")) => None,
            _ => Some(value.into()),
        });
    builder
});

/// Whether a picture is one the site holds, or a drawing that stands in the page.
fn is_ours(source: &str) -> bool {
    let inside = source.trim_start_matches("../").strip_prefix("pictures/");
    inside.is_some_and(|name| !name.contains(['/', '?', '#', ':'])) || source.starts_with("data:image/svg+xml;base64,")
}

/// HTML with nothing in it but the words, links and marks of a document.
pub fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn nothing_active_passes() {
        for hostile in [
            "<script>x</script>",
            "<p onclick=x>",
            "<a href=javascript:x>y</a>",
            "<svg><a xlink:href=javascript:x>",
            "<iframe src=//x>",
            "<p style=\"x\">",
            "<form action=x><input type=text name=q>",
            "<img src=https://x.example/p.png>",
            "<img src=data:text/html;base64,x>",
            "<a href=data:text/html,x>y</a><a href=' DATA:text/html,x'>y</a>",
            "<img src=../pictures/../x.svg>",
            "<math><mtext><style><img src onerror=x>",
        ] {
            let out = clean(hostile);
            for active in [
                "<script",
                "onclick",
                "javascript:",
                "<svg",
                "<iframe",
                "style",
                "<form",
                "type=\"text\"",
                "onerror",
                "src=",
                "data:",
                "DATA",
            ] {
                assert!(!out.contains(active), "{hostile} gave {out}");
            }
        }
    }
}

//! The last gate: what is not on this list is on no page, whatever came before.

use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const TAGS: &str = "a b blockquote br code dd del details div dl dt em h2 h3 h4 h5 h6 hr i input ins kbd li mark ol p pre q s \
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
        .url_schemes(set("http https mailto tel slack ssh irc ircs xmpp sip geo"))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("input", "type") if value != "checkbox" => None,
            _ => Some(value.into()),
        });
    builder
});

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
            "<math><mtext><style><img src onerror=x>",
        ] {
            let out = clean(hostile);
            for active in
                ["<script", "onclick", "javascript:", "<svg", "<iframe", "style", "<form", "type=\"text\"", "onerror"]
            {
                assert!(!out.contains(active), "{hostile} gave {out}");
            }
        }
    }
}

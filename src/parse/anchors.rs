//! Anchors, parents and bodies: what an outline knows once all its headings are found.

use crate::model::document::Heading;
use crate::model::id::HeadingIx;
use crate::model::text::Span;
use std::collections::HashMap;

/// Makes anchors unique as GitHub does, and sets each heading's parent and body.
pub fn settle(headings: &mut [Heading], end: usize) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut above: Vec<usize> = Vec::new();
    for at in 0..headings.len() {
        let anchor = std::mem::take(&mut headings[at].anchor);
        headings[at].anchor = unique(&mut seen, anchor);
        above.retain(|&h| headings[h].level < headings[at].level);
        headings[at].parent = above.last().map(|&h| HeadingIx::from(h));
        above.push(at);
        let next = headings.get(at + 1).map_or(end, |h| h.span.start as usize);
        headings[at].body = Span::new((headings[at].span.end as usize).min(next), next);
    }
}

fn unique(seen: &mut HashMap<String, u32>, anchor: String) -> String {
    let Some(&(mut count)) = seen.get(&anchor) else {
        seen.insert(anchor.clone(), 0);
        return anchor;
    };
    let mut made = anchor.clone();
    while seen.contains_key(&made) {
        count += 1;
        made = format!("{anchor}-{count}");
    }
    seen.insert(anchor, count);
    seen.insert(made.clone(), 0);
    made
}

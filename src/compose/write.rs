//! The normalized Markdown: every heading of the template, the authors' words under them, guidance where there are none.

use super::{passages, rank, slice};
use crate::model::book::{BEYOND, Chapter, Passage};
use crate::model::config::Knowledge;
use crate::model::id::{HeadingIx, ParentIx, RunbookIx};
use crate::model::runbook::{Home, Runbook};
use crate::model::state::Kind;
use crate::model::template::Template;

/// The normalized Markdown of one document, front matter first. Normalizing it again changes nothing.
pub fn document(runbook: &Runbook, knowledge: &Knowledge) -> String {
    let template = &knowledge.template;
    let document = &runbook.document;
    // The template asks about a service; one procedure, alerts, notes and the rest keep the shape they have.
    if !matches!(runbook.kind, Kind::Service | Kind::Template) {
        return document.text.to_string();
    }
    // Definitions stay in their own place: in one text they serve every passage.
    let mut passages = passages(RunbookIx(0), runbook, template, false);
    passages.sort_by_key(|p| (rank(p.place, template), p.part));
    let first = document.headings.first().filter(|h| h.level == 1);
    let title = match (first, &runbook.name) {
        (Some(_), _) => slice::title(document, HeadingIx::from(0)),
        (None, Some(name)) => format!("{} runbook", name.text),
        (None, None) => format!("{} runbook", runbook.place.as_deref().unwrap_or(&runbook.title)),
    };
    let mut out = String::new();
    if let Some(front) = &document.front_matter {
        out.push_str(front.span.of(&document.text).trim_end());
        out.push_str("\n\n");
    }
    out.push_str(&markdown(&Chapter { title, passages }, template));
    out
}

/// A chapter as one Markdown text: the template's headings, each claimed, and the passages under them.
pub fn markdown(chapter: &Chapter, template: &Template) -> String {
    let mut out = format!("# {}\n", chapter.title);
    let mut rest = chapter.passages.as_slice();
    take(&mut out, &mut rest, Home::Front, template);
    for place in places(template) {
        let (level, title, claim) = match place {
            Home::Section(s) => (template[s].level, &template[s].title, Some(&template[s].id)),
            Home::Parent(p) => (template[p].level, &template[p].title, None),
            Home::Chapter(c) => (2, &template[c].title, None),
            Home::Front | Home::Beyond => continue,
        };
        out.push_str(&format!("\n{} {title}\n", "#".repeat(usize::from(level))));
        if let Some(id) = claim {
            out.push_str(&format!("<!-- opsbook: section={id} -->\n"));
        }
        let taken = take(&mut out, &mut rest, place, template);
        if let Home::Section(s) = place
            && taken == 0
            && !template[s].guidance.trim().is_empty()
        {
            out.push('\n');
            for line in template[s].guidance.trim().lines() {
                out.push_str(&format!("> {}\n", line.trim_start_matches('>').trim()));
            }
        }
    }
    if !rest.is_empty() {
        out.push_str(&format!("\n## {BEYOND}\n"));
        take(&mut out, &mut rest, Home::Beyond, template);
    }
    out
}

/// Every place of the template in order: a chapter, its parents before their sections, its sections.
pub fn places(template: &Template) -> Vec<Home> {
    let mut places: Vec<Home> = (0..template.chapters.len()).map(|c| Home::Chapter(c.into())).collect();
    let is_chapter = |p: usize| template.chapters.iter().any(|c| c.parent.at() == p);
    places.extend((0..template.parents.len()).filter(|&p| !is_chapter(p)).map(|p| Home::Parent(ParentIx::from(p))));
    places.extend(template.all().map(Home::Section));
    places.sort_by_key(|&p| rank(p, template));
    places
}

/// Writes the passages of a place and says how many there were.
fn take(out: &mut String, rest: &mut &[Passage], place: Home, template: &Template) -> usize {
    let many = rest.iter().take_while(|p| p.place == place).count();
    for passage in &rest[..many] {
        if let Some(heading) = &passage.heading {
            out.push_str(&format!("\n{} {}\n", "#".repeat(usize::from(heading.level)), heading.text));
            if let Home::Section(s) = place {
                out.push_str(&format!("<!-- opsbook: section={} -->\n", template[s].id));
            }
        }
        if !passage.markdown.is_empty() {
            out.push('\n');
            out.push_str(&passage.markdown);
            out.push('\n');
        }
    }
    *rest = &rest[many..];
    many
}

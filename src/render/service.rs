//! A service's page: what one needs at night first, then everything its documents say, in the template's order.

use crate::model::book::Chapter;
use crate::model::catalog::{Presence, Service};
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{Id, SectionIx, ServiceIx, Trait};
use crate::model::runbook::Home;
use crate::model::source::Origin;
use crate::model::state::Class;
use crate::render::fleet::{self, Finding};
use crate::render::markdown::Ids;
use crate::render::neighbours::{self, Neighbours};
use crate::render::night::{self, Night};
use crate::render::passages::{Passages, Shown};
use crate::render::views::{self, Named, Place, Quote, ServiceView};
use crate::render::words::{self, Badge, Sign};
use crate::render::{Frame, Site, address, lists};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    service: ServiceView,
    honest: String,
    aliases: Vec<String>,
    system: Option<String>,
    lifecycle: Option<String>,
    strip: Vec<Tick>,
    night: Night,
    neighbours: Option<Neighbours>,
    conflict: Option<String>,
    disagreements: Vec<Disagreement>,
    front: Vec<Shown>,
    chapters: Vec<ChapterView>,
    beyond: Vec<Shown>,
    bare: Vec<String>,
    documents: Vec<DocumentLine>,
    findings: Vec<Finding>,
    questions: Vec<&'static str>,
    named_at: Vec<Quote>,
    /// Who keeps what stands here.
    keeper: Option<Named>,
    json: String,
}

#[derive(Serialize)]
struct Tick {
    id: String,
    title: String,
    sign: Sign,
    counted: bool,
    met: bool,
    first: bool,
}

#[derive(Serialize)]
struct Disagreement {
    about: &'static str,
    /// Each statement, and whether it counts.
    said: Vec<(Quote, bool)>,
}

#[derive(Serialize)]
struct ChapterView {
    id: String,
    title: String,
    passages: Vec<Shown>,
    blocks: Vec<Block>,
}

/// A parent or a section.
#[derive(Serialize)]
struct Block {
    id: String,
    title: String,
    level: u8,
    asks: String,
    badge: Option<Badge>,
    /// The author's own heading, where it is another than the section's.
    written_as: Option<String>,
    quote: Option<Quote>,
    /// Where the words stand that answer it, where that is not here.
    elsewhere: Option<Named>,
    through: Option<Named>,
    source: Option<Place>,
    passages: Vec<Shown>,
}

#[derive(Serialize)]
struct DocumentLine {
    title: String,
    kind: &'static str,
    place: Place,
    readable: Option<String>,
    blank: bool,
    /// The commit it was read at and that commit's date, where its repository has any.
    read: Option<String>,
}

/// A service's page.
pub fn page(site: &Site, ix: ServiceIx) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let service = &catalog[ix];
    let path = site.addresses.service(ix);
    let frame = Frame::at(path, &service.name, "services").below("Services", "services/index.html");
    let row = site.input.coverage.rows.get(ix.at()).filter(|_| service.presence == Presence::Filled);
    let mut ids = Ids::default();
    let chapter = match service.presence {
        Presence::Filled => (site.input.chapter)(ix),
        _ => Chapter::default(),
    };
    let mut shown = Passages { site, root: &frame.root, ids: &mut ids, rest: &chapter.passages };
    let mut front = shown.at(Home::Front);
    // Where several documents open the page, the last passage of each says whose words they were.
    for at in 0..front.len() {
        let next = front.get(at + 1).and_then(|s| s.place.as_ref()).map(|p| p.label.clone());
        let own = front[at].place.as_ref().map(|p| p.label.clone());
        if own == next || service.documents.len() < 2 {
            front[at].place = None;
        }
    }
    let chapters = match row {
        Some(_) => chapters(site, ix, &mut shown),
        None => Vec::new(),
    };
    let (beyond, bare): (Vec<Shown>, Vec<Shown>) = shown.at(Home::Beyond).into_iter().partition(|s| !s.html.is_empty());
    let known = |t: &Trait| service.traits.iter().any(|s| s.value == *t);
    let view = View {
        service: site.service_view(ix),
        honest: row.map(|r| words::honest(r.counts)).unwrap_or_default(),
        aliases: service.aliases.iter().map(|a| a.value.clone()).collect(),
        system: service.system.as_ref().map(|s| s.value.clone()),
        lifecycle: service.lifecycle.as_ref().map(|s| s.value.clone()),
        strip: row.map(|_| strip(site, ix)).unwrap_or_default(),
        night: night::view(site, ix),
        neighbours: neighbours::of_service(site, ix),
        conflict: conflict(site, service),
        disagreements: disagreements(site, service),
        front,
        chapters,
        beyond,
        bare: bare.into_iter().filter_map(|s| s.heading).collect(),
        documents: documents(site, service),
        findings: site.found[ix.at()]
            .iter()
            .map(|&d| fleet::finding(site, &site.input.diagnostics[d as usize]))
            .collect(),
        questions: Trait::ALL.iter().filter(|t| !known(t)).filter_map(|t| words::question(t.id())).collect(),
        named_at: named_at(site, service),
        keeper: service.owners.first().map(|o| site.owner_link(o.value)),
        json: address::href(&address::service_json(path)),
    };
    site.frame("service.html", frame, &view)
}

fn strip(site: &Site, ix: ServiceIx) -> Vec<Tick> {
    let template = site.template();
    let mut last = None;
    let tick = |s: SectionIx| {
        let cell = site.input.coverage.cell(ix, s)?;
        let badge = words::badge(cell);
        Some(Tick {
            id: template[s].id.clone(),
            title: format!("{}: {}", template[s].title, badge.sign.says),
            sign: badge.sign,
            counted: badge.counted,
            met: badge.met,
            first: last.replace(template[s].chapter) != Some(template[s].chapter),
        })
    };
    template.all().filter_map(tick).collect()
}

/// Who else claims to be this service, and what is shown meanwhile.
fn conflict(site: &Site, service: &Service) -> Option<String> {
    let repos = service.conflict.join(", ");
    let settled = |plain: &str| site.input.catalog.service(&Id::of(plain)).is_some();
    Some(match service.id.as_str().split_once("--") {
        _ if repos.is_empty() => return None,
        Some((_, plain)) if settled(plain) => format!("opsbook.toml gives the name of this service to {repos}."),
        Some(_) => format!(
            "Another repository claims the same service: {repos}. Both are shown until somebody says which one it is."
        ),
        None => format!(
            "Several repositories claim this service: {repos}. What all of them say is shown until somebody says whose it is."
        ),
    })
}

fn disagreements(site: &Site, service: &Service) -> Vec<Disagreement> {
    let disagreement = |d: &crate::model::catalog::Disagreement| {
        let strongest = d.said.first().map(|s| s.rank);
        // A second owner of the same weight is asked, too.
        let taken = |at: usize, rank| at == 0 || d.about == "owner" && Some(rank) == strongest;
        let said = d.said.iter().enumerate();
        let said = said.map(|(at, s)| {
            let quote = Quote { text: s.value.clone(), place: site.place(&s.origin, s.line) };
            (quote, taken(at, s.rank))
        });
        Disagreement { about: d.about, said: said.collect() }
    };
    service.disagreements.iter().map(disagreement).collect()
}

fn documents(site: &Site, service: &Service) -> Vec<DocumentLine> {
    let line = |&d: &crate::model::id::RunbookIx| {
        let runbook = &site.input.catalog[d];
        DocumentLine {
            title: runbook.title.clone(),
            kind: runbook.kind.id(),
            place: site.place(&runbook.document.origin, 0),
            readable: site.addresses.readable[d.at()].as_deref().map(address::href),
            blank: runbook.blank,
            read: read_at(site, &runbook.document.origin),
        }
    };
    service.documents.iter().map(line).collect()
}

/// Which commit a document was read at: nothing where its source is a plain folder.
fn read_at(site: &Site, origin: &Origin) -> Option<String> {
    let commit: String = origin.commit.as_ref()?.chars().take(10).collect();
    let as_of = site.input.catalog.source(&origin.repo).and_then(|s| s.as_of);
    Some(as_of.map_or_else(|| format!("at {commit}"), |date| format!("at {commit} of {date}")))
}

/// Places that name a service nobody wrote a runbook for: where to begin.
fn named_at(site: &Site, service: &Service) -> Vec<Quote> {
    if service.presence != Presence::None {
        return Vec::new();
    }
    let quote =
        |m: &crate::model::catalog::Mention| Quote { text: m.text.clone(), place: site.place(&m.origin, m.line) };
    service.named_at.iter().take(40).map(quote).collect()
}

fn chapters(site: &Site, ix: ServiceIx, shown: &mut Passages) -> Vec<ChapterView> {
    let template = site.template();
    let mut views = Vec::with_capacity(template.chapters.len());
    for (at, chapter) in template.chapters.iter().enumerate() {
        let passages = shown.at(Home::Chapter(at.into()));
        let mut blocks = Vec::new();
        let mut open = chapter.parent;
        for s in template.sections_of(at.into()) {
            let parent = template[s].parent;
            if parent != open && parent != chapter.parent {
                let of = &template[parent];
                blocks.push(Block {
                    id: views::place_id(Home::Parent(parent), template),
                    title: of.title.clone(),
                    level: of.level,
                    asks: String::new(),
                    badge: None,
                    written_as: None,
                    quote: None,
                    elsewhere: None,
                    through: None,
                    source: None,
                    passages: shown.at(Home::Parent(parent)),
                });
            }
            open = parent;
            blocks.push(block(site, ix, s, shown));
        }
        views.push(ChapterView {
            id: views::place_id(Home::Chapter(at.into()), template),
            title: chapter.title.clone(),
            passages,
            blocks,
        });
    }
    views
}

fn block(site: &Site, ix: ServiceIx, s: SectionIx, shown: &mut Passages) -> Block {
    let template = site.template();
    let section = &template[s];
    let mut passages = shown.at(Home::Section(s));
    let cell = site.input.coverage.cell(ix, s);
    let quote = cell.and_then(|c| site.quote(c));
    let source = quote.as_ref().map(|q| q.place.clone());
    let home = cell.and_then(|c| {
        let answer = c.answer?;
        let (candidate, _) = site.candidate(c)?;
        site.input.catalog[answer.runbook].parts.get(candidate.part.at()).map(|p| p.home)
    });
    let elsewhere = home
        .filter(|&h| h != Home::Section(s))
        .map(|h| Named { name: place_title(site, h), href: format!("#{}", views::place_id(h, template)) });
    let class = cell.map_or(Class::Missing, |c| c.state.class());
    let long = passages.iter().map(|p| p.html.len()).sum::<usize>() > 600;
    // What a parent's text answers stands right above.
    let above = home == Some(Home::Parent(section.parent)) || home == Some(Home::Chapter(section.chapter));
    let quoted = (elsewhere.is_some() && !above) || (long && matches!(class, Class::Partial | Class::Gap));
    // One heading of the author's own is told beside the source; several keep their places in the text.
    let headed = passages.iter().filter(|p| p.heading.is_some()).count();
    let written_as = match passages.first_mut() {
        Some(first) if headed == 1 => first.heading.take(),
        _ => None,
    };
    passages.retain(|p| !p.html.is_empty() || p.heading.is_some());
    for passage in &mut passages {
        // The badge of the section says it already.
        passage.flag = passage.flag.filter(|f| class == Class::Covered && f.class == Class::Gap.id());
        passage.place = passage.place.take().filter(|p| source.as_ref().is_none_or(|s| s.label != p.label));
    }
    Block {
        id: section.id.clone(),
        title: section.title.clone(),
        level: section.level,
        asks: lists::asks(&section.guidance),
        badge: cell.map(words::badge),
        written_as,
        quote: quote.filter(|q| quoted && !q.text.is_empty()),
        elsewhere,
        through: cell.and_then(|c| c.through).map(|t| Named {
            name: words::by(&site.input.catalog[t.service].name, t.state),
            href: site.addresses.answer(t.service, &template[t.section].id),
        }),
        source,
        passages,
    }
}

fn place_title(site: &Site, place: Home) -> String {
    let template = site.template();
    match place {
        Home::Front => "the opening words".to_owned(),
        Home::Section(s) => template[s].title.clone(),
        Home::Parent(p) => template[p].title.clone(),
        Home::Chapter(c) => template[c].title.clone(),
        Home::Beyond => crate::model::book::BEYOND.to_owned(),
    }
}

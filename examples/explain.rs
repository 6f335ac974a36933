use opsbook::model::source::*;
use opsbook::*;
use serde_json::json;
fn main() {
    let (k, d) = configure::knowledge(&configure::KnowledgeTexts::default());
    for d in d { eprintln!("{d:?}"); }
    let k = std::sync::Arc::new(k);
    let reader = normalize::Reader::new(&k);
    let mut out = vec![];
    for path in std::env::args().skip(1).filter(|a| a.starts_with('/')) {
        let rel = path.split_once("/repo/").map_or(path.as_str(), |p| p.1).to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let r = pipeline::read(RawFile { origin: Origin { repo: "repo".into(), commit: None, path: rel.as_str().into() }, bytes }, &reader);
        let Some(r) = r.runbook else { continue };
        let secs: Vec<_> = k.template.all().map(|s| { let a = r.answers(s).first();
            json!({"id": k.template[s].id, "state": r.state(s).id(), "confidence": a.map_or(0.9, |a| a.confidence), "substance": a.map(|a| a.substance), "heading": a.and_then(|a| a.heading).map(|h| r.document.headings[h.at()].title.clone()), "inherited": a.is_some_and(|a| a.inherited),
              "reached": a.map(|a| a.reached), "evidence": a.map_or(vec![], |a| a.evidence.iter().map(|e| json!({"line": e.line, "text": e.text})).collect()) }) }).collect();
        out.push(json!({"kind": r.kind.id(), "form": r.form, "service": r.name.as_ref().map(|n| json!({"name": n.text, "line": n.line})).or(r.place.as_ref().map(|p| json!({"name": p}))),
          "owners": r.owners.iter().map(|o| json!({"name": o.name, "contact": o.contacts, "line": o.line})).collect::<Vec<_>>(),
          "dependencies": r.dependencies.iter().map(|d| json!({"name": d.name, "id": d.id, "type": d.target, "purpose": d.purpose, "line": d.line})).collect::<Vec<_>>(),
          "alerts": r.alerts.iter().map(|a| a.name.clone()).collect::<Vec<_>>(),
          "unmapped": r.parts.iter().filter(|p| p.home == model::runbook::Home::Beyond).map(|p| json!({"heading": p.heading.map(|h| r.document.headings[h.at()].title.clone()), "state": p.state.id(), "nearest": p.nearest.map(|n| k.template[n].id.clone())})).collect::<Vec<_>>(),
          "sections": secs}));
    }
    println!("{}", serde_json::to_string_pretty(&out).unwrap());
}

//! The theme: our templates, styles and scripts, each replaced by the user's file of the same name.

use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::site::Theme;
use crate::model::source::Origin;
use rust_embed::Embed;
use tera::{Context, ErrorKind, Tera};

/// A file of the user's theme that cannot be used.
pub const BROKEN: Rule = Rule {
    id: "theme-broken",
    severity: Severity::Warning,
    summary: "A file of the theme cannot be used; ours stands in",
};

/// Files that are no assets: those only pages of `opsbook serve` use, and the worker, which has a place of its own.
const APART: [&str; 3] = ["css/live.css", "js/live.js", "js/sw.js"];

#[derive(Embed)]
#[folder = "$OUT_DIR/theme"]
struct Ours;

/// The theme that comes with the program.
pub fn builtin() -> Theme {
    let file = |name: String| Ours::get(&name).map(|f| (name, f.data.into_owned()));
    Theme { files: Ours::iter().filter_map(|name| file(name.into_owned())).collect() }
}

/// A style or script under its published name.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Name in the theme: `css/site.css`.
    pub name: String,
    /// Path below the site's root, with a hash of its bytes.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A theme made ready.
pub struct Dress {
    /// Ours and the user's on top.
    tera: Tera,
    /// Ours alone, where the user has templates: what a page falls back to.
    plain: Option<Tera>,
    /// Styles, scripts and pictures, sorted by name.
    pub assets: Vec<Asset>,
    /// Those of the author's view.
    live: Vec<(String, Vec<u8>)>,
}

impl Dress {
    /// Puts a theme over ours. What cannot be used is said, and left out.
    pub fn new(theme: &Theme) -> (Self, Vec<Diagnostic>) {
        let ours = builtin();
        let mut diagnostics = Vec::new();
        let mut users = Vec::new();
        let mut assets = ours.files.clone();
        for (name, bytes) in theme.files.iter().filter(|(name, bytes)| ours.files.get(*name) != Some(*bytes)) {
            if !name.starts_with("templates/") {
                assets.insert(name.clone(), bytes.clone());
                continue;
            }
            match std::str::from_utf8(bytes) {
                Ok(text) => users.push((name["templates/".len()..].to_owned(), text)),
                Err(_) => diagnostics.push(broken(name, 0, "the template is not UTF-8 text")),
            }
        }
        let plain = ours_alone(&ours);
        let mut tera = plain.clone();
        // A template may extend another of the same theme: as long as one more can be added, try the others again.
        while !users.is_empty() {
            let before = users.len();
            let mut failed = Vec::new();
            users.retain(|(name, text)| {
                let result = tera.add_raw_template(name, text);
                failed.extend(result.as_ref().err().map(|error| (name.clone(), report(error, text))));
                result.is_err()
            });
            if users.len() == before {
                diagnostics.extend(
                    failed.into_iter().map(|(name, (line, says))| broken(&format!("templates/{name}"), line, &says)),
                );
                break;
            }
        }
        let has_own = tera.get_template_names().any(|n| !n.starts_with("builtin/"));
        let assets = assets.into_iter().filter(|(name, _)| !name.starts_with("templates/"));
        let (live, assets): (Vec<_>, Vec<_>) = assets.partition(|(name, _)| APART.contains(&name.as_str()));
        let assets = assets.into_iter().map(asset).collect();
        (Self { tera, plain: has_own.then_some(plain), assets, live }, diagnostics)
    }

    /// The published path of a style or script.
    pub fn asset(&self, name: &str) -> &str {
        let at = self.assets.binary_search_by(|a| a.name.as_str().cmp(name));
        at.map_or("", |at| &self.assets[at].path)
    }

    /// The bytes of a style or script.
    pub fn bytes(&self, name: &str) -> &[u8] {
        let at = self.assets.binary_search_by(|a| a.name.as_str().cmp(name));
        at.map_or(&[], |at| &self.assets[at].bytes)
    }

    /// A file that is no asset.
    pub fn live(&self, name: &str) -> &[u8] {
        self.live.iter().find(|(own, _)| own == name).map_or(&[], |(_, bytes)| bytes)
    }

    /// Values every page has.
    pub fn tell_all(&mut self, tell: impl Fn(&mut Context)) {
        tell(self.tera.global_context());
        if let Some(plain) = &mut self.plain {
            tell(plain.global_context());
        }
    }

    /// Whether there are templates of the user's.
    pub fn has_own(&self) -> bool {
        self.plain.is_some()
    }

    /// A page, and what is wrong with the user's template where ours had to stand in.
    pub fn page(&self, template: &str, context: &Context) -> (String, Option<Diagnostic>) {
        match (self.tera.render(template, context), &self.plain) {
            (Ok(page), _) => (page, None),
            (Err(error), Some(plain)) => {
                let (line, says) = report(&error, "");
                let page = plain.render(template, context).unwrap_or_default();
                (page, Some(broken(&format!("templates/{template}"), line, &says)))
            }
            (Err(error), None) => unreachable!("our own template {template}: {error}"),
        }
    }
}

fn ours_alone(ours: &Theme) -> Tera {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(["builtin/"]).expect("no template is there yet");
    let templates = ours.files.iter().filter_map(|(name, bytes)| {
        let name = name.strip_prefix("templates/")?;
        Some((format!("builtin/{name}"), std::str::from_utf8(bytes).ok()?))
    });
    if let Err(error) = tera.add_raw_templates(templates) {
        unreachable!("our own templates do not fit together: {error}");
    }
    tera
}

fn asset((name, bytes): (String, Vec<u8>)) -> Asset {
    let file = name.rsplit('/').next().unwrap_or(&name);
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "bin"));
    let path = format!("assets/{stem}.{}.{ending}", &blake3::hash(&bytes).to_hex()[..10]);
    Asset { path, name, bytes }
}

fn broken(file: &str, line: u32, says: &str) -> Diagnostic {
    let location = Location::line(Origin::of_ours(file), line);
    BROKEN.says(
        format!("the theme's `{file}` cannot be used: {says}"),
        Some(location),
        "Mend the template, or remove it: our own stands in until then",
    )
}

/// The line and the words of a template's error.
fn report(error: &tera::Error, text: &str) -> (u32, String) {
    match error.kind() {
        ErrorKind::SyntaxError(e) | ErrorKind::RenderingError(e) => {
            let line = if text.is_empty() {
                e.span().start_line
            } else {
                e.span().start_line.min(text.lines().count().max(1))
            };
            (line as u32, e.message().to_owned())
        }
        _ => (0, error.to_string().lines().next().unwrap_or_default().to_owned()),
    }
}

//! Badges for other pages: how a service or an owner stands, as a shields endpoint and as a picture.

use crate::model::catalog::Presence;
use crate::model::coverage::Tally;
use crate::model::id::{OwnerIx, ServiceIx};
use crate::render::Site;
use crate::render::markdown::escape;
use schemars::JsonSchema;
use serde::Serialize;

/// What a badge says. The names are those of shields.io's endpoint.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Badge {
    schema_version: u32,
    label: &'static str,
    message: String,
    color: &'static str,
}

const GOOD: &str = "#1c6b3c";
const PART: &str = "#8a5a00";
const BAD: &str = "#a3221a";
const NONE: &str = "#59626b";

fn of(tally: Tally, admitted: u32) -> (String, &'static str) {
    let mut says = format!("{} of {} required", tally.met, tally.of);
    if admitted > 0 {
        says.push_str(&format!(", {admitted} admitted"));
    }
    match tally {
        Tally { of: 0, .. } if admitted == 0 => ("nothing required".to_owned(), NONE),
        // Green only where nothing is open: a badge is read from afar.
        Tally { met, of } if met == of && admitted == 0 => (says, GOOD),
        Tally { met, of } if met * 2 >= of => (says, PART),
        _ => (says, BAD),
    }
}

/// A service's badge.
pub fn service(site: &Site, ix: ServiceIx) -> Badge {
    let row = site.input.coverage.rows.get(ix.at());
    let (message, color) = match site.input.catalog[ix].presence {
        Presence::None => ("none".to_owned(), BAD),
        Presence::Blank => ("untouched form".to_owned(), BAD),
        Presence::Filled => row.map_or_else(|| of(Tally::default(), 0), |r| of(r.required, r.counts.gap)),
    };
    Badge { schema_version: 1, label: "runbook", message, color }
}

/// An owner's badge.
pub fn owner(site: &Site, ix: OwnerIx) -> Badge {
    let (tally, counts) = site.input.coverage.totals.owners.get(ix.at()).copied().unwrap_or_default();
    let (message, color) = of(tally, counts.gap);
    Badge { schema_version: 1, label: "runbooks", message, color }
}

/// The endpoint's JSON.
pub fn json(badge: &Badge) -> Vec<u8> {
    serde_json::to_vec(badge).unwrap_or_default()
}

/// The picture, drawn with what every system has.
pub fn svg(badge: &Badge) -> Vec<u8> {
    let width = |text: &str| text.chars().count() as u32 * 7 + 12;
    let (left, right) = (width(badge.label), width(&badge.message));
    let (all, label, says) = (left + right, badge.label, escape(&badge.message));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"20\" role=\"img\" aria-label=\"{label}: {says}\">\
        <rect width=\"{all}\" height=\"20\" rx=\"3\" fill=\"#2b3238\"/>\
        <path d=\"M{left} 0h{arm}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z\" fill=\"{color}\"/>\
        <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" text-anchor=\"middle\">\
        <text x=\"{x1}\" y=\"14\">{label}</text><text x=\"{x2}\" y=\"14\">{says}</text></g></svg>\n",
        arm = right - 3,
        color = badge.color,
        x1 = left / 2,
        x2 = left + right / 2,
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn green_is_only_where_nothing_is_open() {
        for (met, all, admitted, colour) in
            [(3, 3, 0, GOOD), (3, 3, 1, PART), (2, 3, 0, PART), (1, 3, 0, BAD), (0, 0, 0, NONE), (0, 0, 2, PART)]
        {
            assert_eq!(of(Tally { met, of: all }, admitted).1, colour, "{met} of {all}, {admitted} admitted");
        }
    }
}

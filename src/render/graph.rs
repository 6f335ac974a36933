//! Graphs as drawings: services in three columns, arrows from who needs to what is needed. Drawn here, styled by classes.

use crate::render::neighbours::Standing;
use crate::render::views::Named;
use serde::Serialize;
use std::collections::HashMap;

/// How wide a box is, how high, and how far apart boxes and columns stand, in units of the drawing.
const WIDTH: u32 = 196;
const HEIGHT: u32 = 30;
const PITCH: u32 = 40;
const COLUMN: u32 = 286;
/// Letters of a name that fit into its box.
const LETTERS: usize = 21;

/// A box to be drawn: what it is called, where it leads, how it stands.
#[derive(Clone, Debug)]
pub struct Node<K> {
    /// What lines refer to it by.
    pub key: K,
    /// Its name and page.
    pub named: Named,
    /// How it stands; nothing for products.
    pub standing: Option<Standing>,
    /// Whether the drawing is about it.
    pub here: bool,
}

/// A drawing, ready for its template.
#[derive(Debug, Serialize)]
pub struct Graph {
    label: String,
    width: u32,
    height: u32,
    boxes: Vec<Shape>,
    lines: Vec<Line>,
    more: Vec<Text>,
}

#[derive(Debug, Serialize)]
struct Shape {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    middle: u32,
    name: String,
    short: String,
    href: String,
    standing: Option<Standing>,
    here: bool,
}

#[derive(Debug, Serialize)]
struct Line {
    path: String,
    class: &'static str,
}

#[derive(Debug, Serialize)]
struct Text {
    x: u32,
    y: u32,
    says: String,
}

/// Draws three columns, what is left out of each in words below it, and lines `(from, to, whether it runs on it)`.
pub fn draw<K: Copy + Eq + std::hash::Hash>(
    label: String,
    columns: [Vec<Node<K>>; 3],
    left_out: [usize; 3],
    lines: &[(K, K, bool)],
) -> Graph {
    let rows = |at: usize| columns[at].len() as u32 + u32::from(left_out[at] > 0);
    let highest = (0..3).map(rows).max().unwrap_or(0).max(1);
    let height = highest * PITCH - (PITCH - HEIGHT) + 2;
    // A column that is empty takes no room.
    let mut x = 1;
    let left = [0, 1, 2].map(|at| {
        let here = x;
        x += if columns[at].is_empty() { 0 } else { COLUMN };
        here
    });
    let width = x.saturating_sub(COLUMN - WIDTH).max(WIDTH) + 1;
    let mut graph = Graph { label, width, height, boxes: Vec::new(), lines: Vec::new(), more: Vec::new() };
    let mut places: HashMap<(usize, K), (u32, u32)> = HashMap::new();
    for (at, column) in columns.into_iter().enumerate() {
        let top = (highest - (column.len() as u32 + u32::from(left_out[at] > 0))) * PITCH / 2 + 1;
        for (row, node) in (0..).zip(&column) {
            let y = top + row * PITCH;
            places.insert((at, node.key), (left[at], y + HEIGHT / 2));
            graph.boxes.push(shape(node, left[at], y));
        }
        if left_out[at] > 0 {
            let y = top + column.len() as u32 * PITCH + HEIGHT / 2;
            graph.more.push(Text { x: left[at] + WIDTH / 2, y, says: format!("and {} more", left_out[at]) });
        }
    }
    for (from, to, runs_on) in lines {
        let class = if *runs_on { "on" } else { "needs" };
        graph.lines.extend(path(&places, *from, *to).map(|path| Line { path, class }));
    }
    graph
}

fn shape<K>(node: &Node<K>, x: u32, y: u32) -> Shape {
    let name = &node.named.name;
    let short = match name.chars().count() {
        length if length > LETTERS => name.chars().take(LETTERS - 1).chain(['…']).collect(),
        _ => name.clone(),
    };
    Shape {
        x,
        y,
        width: WIDTH,
        height: HEIGHT,
        middle: y + HEIGHT / 2,
        name: name.clone(),
        short,
        href: node.named.href.clone(),
        standing: node.standing.clone(),
        here: node.here,
    }
}

/// The way of a line: to the right from one column to the next, or bowed beside a column.
fn path<K: Copy + Eq + std::hash::Hash>(places: &HashMap<(usize, K), (u32, u32)>, from: K, to: K) -> Option<String> {
    let across = [(0, 1), (1, 2), (0, 2)].into_iter();
    let mut across = across.filter_map(|(a, b)| Some((*places.get(&(a, from))?, *places.get(&(b, to))?)));
    if let Some(((x, y), (there, end))) = across.next() {
        let (start, middle) = (x + WIDTH, (x + WIDTH + there) / 2);
        return Some(format!("M{start} {y}C{middle} {y} {middle} {end} {there} {end}"));
    }
    let (&(x, y), &(_, end)) = (places.get(&(1, from))?, places.get(&(1, to))?);
    let (start, bow) = (x + WIDTH, x + WIDTH + 38);
    // A service that needs itself gets a small loop.
    let (y, end) = if y == end { (y - 6, end + 6) } else { (y, end) };
    Some(format!("M{start} {y}C{bow} {y} {bow} {end} {start} {end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(key: u32) -> Node<u32> {
        let named = Named { name: format!("service number {key} of many"), href: format!("s/{key}") };
        Node { key, named, standing: None, here: key == 0 }
    }

    #[test]
    fn boxes_do_not_overlap_and_lines_end_at_boxes() {
        let columns = [(1..9).map(node).collect(), vec![node(0), node(20)], (10..15).map(node).collect()];
        let lines: Vec<_> = (1..9).map(|n| (n, 0, false)).chain((10..15).map(|n| (20, n, true))).collect();
        let graph = draw("x".into(), columns, [3, 0, 0], &[lines, vec![(0, 0, false), (0, 20, false)]].concat());
        assert_eq!((graph.boxes.len(), graph.lines.len(), graph.more.len()), (15, 15, 1));
        for (at, one) in graph.boxes.iter().enumerate() {
            assert!(one.x + one.width < graph.width && one.y + one.height < graph.height, "{one:?}");
            for other in &graph.boxes[at + 1..] {
                let apart = one.x.abs_diff(other.x) >= WIDTH || one.y.abs_diff(other.y) >= HEIGHT;
                assert!(apart, "{one:?} {other:?}");
            }
        }
        assert!(graph.boxes.iter().all(|b| b.short.chars().count() <= LETTERS));
    }

    #[test]
    fn empty_columns_take_no_room() {
        let graph = draw("x".into(), [vec![], vec![node(0)], vec![]], [0, 0, 0], &[(0, 7, false)]);
        assert!(graph.width < COLUMN && graph.lines.is_empty());
    }
}

//! Copies the theme beside the program's other parts, its scripts and styles made small: every page loads them, and
//! phones are slow. What a user's own theme holds is published as it stands.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=theme");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where")).join("theme");
    if out.exists() {
        fs::remove_dir_all(&out).expect("an earlier copy goes");
    }
    copy(Path::new("theme"), &out);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of the copy");
    for entry in fs::read_dir(from).expect("the theme") {
        let path = entry.expect("a file of the theme").path();
        let to = to.join(path.file_name().expect("a name"));
        let is_script = path.extension().is_some_and(|e| e == "js");
        if path.is_dir() && !is_script {
            copy(&path, &to);
            continue;
        }
        let bytes = if path.is_dir() { joined(&path) } else { fs::read(&path).expect("a file of the theme") };
        let text = || std::str::from_utf8(&bytes).expect("our theme is text");
        let small = match path.extension().and_then(|e| e.to_str()) {
            Some("js") => script(text(), &path),
            Some("css") => styles(text()),
            _ => bytes,
        };
        fs::write(to, small).expect("a file of the copy");
    }
}

/// A script of several files: a folder named like it, its parts in the order of their names, in a scope of their own.
fn joined(folder: &Path) -> Vec<u8> {
    let parts = fs::read_dir(folder).expect("the parts of a script");
    let mut parts: Vec<PathBuf> = parts.map(|part| part.expect("a part of a script").path()).collect();
    parts.sort();
    let texts: Vec<String> = parts.iter().map(|part| fs::read_to_string(part).expect("a part is text")).collect();
    format!("\"use strict\";\n(() => {{\n{}}})();\n", texts.concat()).into_bytes()
}

/// A script with short names and without what nothing needs.
fn script(text: &str, path: &Path) -> Vec<u8> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, text, SourceType::script()).parse();
    assert!(parsed.diagnostics.is_empty(), "{}: {:?}", path.display(), parsed.diagnostics);
    let options = MinifierOptions {
        mangle: Some(MangleOptions::default()),
        mangle_properties: None,
        compress: Some(CompressOptions::default()),
    };
    let names = Minifier::new(options).minify(&allocator, &mut parsed.program).scoping;
    let options = CodegenOptions { minify: true, ..CodegenOptions::minify() };
    Codegen::new().with_options(options).with_scoping(names).build(&parsed.program).code.into_bytes()
}

/// A sheet of styles without comments and without spaces nothing needs; words in quotes stay as they are.
fn styles(text: &str) -> Vec<u8> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' | '\'' => rest[1..].find(c).map_or(rest.len(), |end| end + 2),
            c if c.is_whitespace() => rest.len() - rest.trim_start().len(),
            c => c.len_utf8(),
        };
        let (piece, behind) = rest.split_at(length);
        rest = behind;
        let before = out.chars().next_back().unwrap_or('{');
        let spare = matches!(before, '{' | '}' | ';' | ',' | ':' | '>' | ' ') || behind.starts_with(['{', '}', '>']);
        match c {
            '/' if piece.len() > 1 => {}
            c if c.is_whitespace() && spare => {}
            c if c.is_whitespace() => out.push(' '),
            '}' if before == ';' => out.replace_range(out.len() - 1.., "}"),
            _ => out.push_str(piece),
        }
    }
    out.into_bytes()
}

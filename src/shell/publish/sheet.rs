//! One file on its way to the disk: held back while it is short, so that a page that did not change is never written.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

/// What is held before a file is begun, in bytes: all pages but lists over a large fleet.
const SHORT: usize = 1 << 20;

/// A file being written.
pub struct Sheet<'p> {
    path: &'p Path,
    hash: blake3::Hasher,
    size: u64,
    held: Vec<u8>,
    /// Where more came than is held.
    file: Option<File>,
}

impl<'p> Sheet<'p> {
    /// A file that is to stand at `path`, where nothing stands.
    pub fn new(path: &'p Path) -> Self {
        Self { path, hash: blake3::Hasher::new(), size: 0, held: Vec::new(), file: None }
    }

    /// Hash of everything written, in hexadecimal.
    pub fn hash(&self) -> String {
        self.hash.finalize().to_hex().to_string()
    }

    /// How many bytes were written.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether another file holds exactly what was written.
    pub fn is_in(&self, other: &Path) -> bool {
        let read = || -> io::Result<bool> {
            let there = File::open(other)?;
            if there.metadata()?.len() != self.size {
                return Ok(false);
            }
            let mut hash = blake3::Hasher::new();
            hash.update_reader(BufReader::new(there.take(self.size + 1)))?;
            Ok(hash.finalize() == self.hash.finalize())
        };
        read().unwrap_or(false)
    }

    /// Takes back what was begun on the disk.
    pub fn discard(self) -> io::Result<()> {
        if self.file.is_some() { std::fs::remove_file(self.path) } else { Ok(()) }
    }

    /// Writes what is still held.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(&self.held),
            None => std::fs::write(self.path, &self.held),
        }
    }
}

impl Write for Sheet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.held.extend_from_slice(bytes);
        if self.held.len() > SHORT {
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(File::create_new(self.path)?),
            };
            file.write_all(&self.held)?;
            self.held.clear();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

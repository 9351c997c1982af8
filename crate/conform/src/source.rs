//! Where fixtures come from: files, folders and archives, whatever they are called. What a file is, is told by how it
//! begins, because published fixtures come as `.json`, `.json.gz`, `.tar.gz`, `.tar.zst` and folders of all of these.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

/// Text that may be JSON, and where it is.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its path; `archive!/path` inside an archive.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: Vec<u8>,
}

/// What was found at a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// Something that begins like JSON.
    Document(Document),
    /// Something else, by name.
    Other(String),
    /// Something that cannot be read, is damaged, or is longer than [`MAX_DOCUMENT`].
    Broken(SourceError),
}

/// A file, folder or archive cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {name}: {error}")]
pub(crate) struct SourceError {
    /// Which.
    pub(crate) name: String,
    /// Why.
    pub(crate) error: io::Error,
}

/// The longest document, in bytes once unpacked. It bounds what a small archive can make of the memory.
pub(crate) const MAX_DOCUMENT: u64 = 1 << 30;

/// How deep folders and archives may lie in each other.
const MAX_DEPTH: u32 = 32;

/// Calls `each` for everything below `path`, in order of names, until it breaks. One document at a time is in memory.
pub(crate) fn walk(path: &Path, each: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    Walk { each }.path(path, 0)
}

struct Walk<'a> {
    each: &'a mut dyn FnMut(Found) -> ControlFlow<()>,
}

impl Walk<'_> {
    fn path(&mut self, path: &Path, depth: u32) -> ControlFlow<()> {
        let name = path.display().to_string();
        let found = match self.entries(path, depth) {
            Ok(None) => File::open(path)
                .map_err(|error| SourceError { name: name.clone(), error })
                .and_then(|file| self.content(&name, &mut BufReader::new(file), depth)),
            Ok(Some(entries)) => {
                return entries.iter().try_for_each(|entry| self.path(entry, depth + 1));
            }
            Err(error) => Err(SourceError { name, error }),
        };
        found.unwrap_or_else(|error| (self.each)(Found::Broken(error)))
    }

    /// What is in a folder; `None` if it is none.
    fn entries(&self, path: &Path, depth: u32) -> io::Result<Option<Vec<PathBuf>>> {
        if depth > MAX_DEPTH {
            return Err(io::Error::other("too many folders in each other"));
        }
        if !std::fs::metadata(path)?.is_dir() {
            return Ok(None);
        }
        let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
        let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        Ok(Some(entries))
    }

    fn content(
        &mut self,
        name: &str,
        reader: &mut dyn BufRead,
        depth: u32,
    ) -> Result<ControlFlow<()>, SourceError> {
        let failed = |error| SourceError { name: name.to_owned(), error };
        if depth > MAX_DEPTH {
            return Err(failed(io::Error::other("too many archives in each other")));
        }
        let mut begin = Vec::new();
        reader.take(TAR_MAGIC.1 + 8).read_to_end(&mut begin).map_err(failed)?;
        let kind = Kind::of(&begin);
        let mut whole = io::Cursor::new(begin).chain(reader);
        match kind {
            Kind::Gzip => {
                let mut unpacked = BufReader::new(MultiGzDecoder::new(whole));
                self.content(name, &mut unpacked, depth + 1)
            }
            Kind::Zstandard => {
                let unpacked = StreamingDecoder::new(whole)
                    .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error)))?;
                self.content(name, &mut BufReader::new(unpacked), depth + 1)
            }
            Kind::Tar => {
                let mut archive = tar::Archive::new(whole);
                for entry in archive.entries().map_err(failed)? {
                    let mut entry = entry.map_err(failed)?;
                    if !entry.header().entry_type().is_file() {
                        continue;
                    }
                    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                    let name = format!("{name}!/{path}");
                    if self.content(&name, &mut BufReader::new(&mut entry), depth + 1)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Ok(ControlFlow::Continue(()))
            }
            Kind::Json => {
                let mut text = Vec::new();
                whole.take(MAX_DOCUMENT + 1).read_to_end(&mut text).map_err(failed)?;
                if text.len() as u64 > MAX_DOCUMENT {
                    let message = format!("it is longer than {MAX_DOCUMENT} bytes");
                    return Err(failed(io::Error::other(message)));
                }
                Ok((self.each)(Found::Document(Document { name: name.to_owned(), text })))
            }
            Kind::Other => {
                // An entry of an archive must be read to its end.
                io::copy(&mut whole, &mut io::sink()).map_err(failed)?;
                Ok((self.each)(Found::Other(name.to_owned())))
            }
        }
    }
}

/// What a file is, by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gzip,
    Zstandard,
    Tar,
    Json,
    Other,
}

/// POSIX's magic number and where it stands in the first header.
const TAR_MAGIC: (&[u8], u64) = (b"ustar", 257);

impl Kind {
    fn of(begin: &[u8]) -> Self {
        let (magic, at) = TAR_MAGIC;
        if begin.starts_with(&[0x1f, 0x8b]) {
            Self::Gzip
        } else if begin.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Self::Zstandard
        } else if begin.get(at as usize..).is_some_and(|rest| rest.starts_with(magic)) {
            Self::Tar
        } else if begin.trim_ascii_start().starts_with(b"{") {
            Self::Json
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_how_they_begin() {
        let mut tar = vec![0; 257];
        tar.extend(b"ustar\x0000");
        for (begin, expected) in [
            (&b"\x1f\x8b\x08"[..], Kind::Gzip),
            (b"\x28\xb5\x2f\xfd\x04", Kind::Zstandard),
            (&tar, Kind::Tar),
            (b" \n\t{\"a\"", Kind::Json),
            (b"# Heading", Kind::Other),
            (b"", Kind::Other),
        ] {
            assert_eq!(Kind::of(begin), expected, "{begin:?}");
        }
    }
}

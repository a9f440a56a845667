// All that is below a folder, a line of JSON for each entry: a source for slipring without any crate. `config` is the folder's
// path. A byte that is not UTF-8, which JSON cannot carry, is written as a lone surrogate, \udc80 to \udcff; also in `config`.
mod slipring;

use slipring::Failure;
use std::os::unix::{ffi::OsStrExt, ffi::OsStringExt, fs::MetadataExt};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::{ffi::OsString, fs, io, path::Path, path::PathBuf, str, sync::Mutex};

#[no_mangle]
#[allow(non_upper_case_globals)]
pub static slipring_source_v1: slipring::Table = slipring::table::<Source>();

struct Source {
    walk: Mutex<Walk>, // read alone locks it
    cancelled: AtomicBool,
}

struct Walk {
    root: PathBuf,
    folders: Vec<PathBuf>,                   // to be listed
    listing: Option<(PathBuf, fs::ReadDir)>, // being listed
    line: Vec<u8>,                           // what has not been given yet
}

impl slipring::Source for Source {
    fn open(config: Option<&str>) -> Result<Source, Failure> {
        let refusal = || Failure(22 /* EINVAL */, "open", "config must be a string, the path of a folder".into());
        let root: PathBuf = config.and_then(unescape).ok_or_else(refusal)?.into();
        let entries = fs::read_dir(&root).map_err(|error| Failure::of("opendir", error))?;
        let listing = Some((root.clone(), entries));
        let walk = Walk { root, folders: Vec::new(), listing, line: Vec::new() };
        Ok(Source { walk: Mutex::new(walk), cancelled: AtomicBool::new(false) })
    }

    fn read(&self, into: &mut [u8]) -> Result<usize, Failure> {
        let mut walk = self.walk.lock().map_err(|_| Failure(0, "", "it panicked before".into()))?;
        let mut filled = 0;
        while !self.cancelled.load(Relaxed) {
            // A chunk is of whole lines, unless a line alone is longer.
            if filled > 0 && walk.line.len() > into.len() - filled {
                return Ok(filled);
            }
            let length = walk.line.len().min(into.len() - filled);
            into[filled..filled + length].copy_from_slice(&walk.line[..length]);
            walk.line.drain(..length);
            filled += length;
            if filled == into.len() || (walk.line.is_empty() && !walk.step()) {
                return Ok(filled);
            }
        }
        Err(Failure(0, "read", "cancelled".into()))
    }

    fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }
}

impl Walk {
    /// Goes on by a call or two of the system's, so that cancel need not wait; then there may be a line. False at the end.
    fn step(&mut self) -> bool {
        if let Some((folder, entries)) = &mut self.listing {
            match entries.next().map(|entry| entry.map_err(|error| (folder.clone(), error))) {
                Some(Ok(entry)) => self.tell(&entry.path(), entry.metadata()),
                Some(Err((folder, error))) => self.tell(&folder, Err(error)),
                None => self.listing = None,
            }
        } else if let Some(folder) = self.folders.pop() {
            match fs::read_dir(&folder) {
                Ok(entries) => self.listing = Some((folder, entries)),
                Err(error) => self.tell(&folder, Err(error)),
            }
        } else {
            return false;
        }
        true
    }

    fn tell(&mut self, path: &Path, about: io::Result<fs::Metadata>) {
        let name = path.strip_prefix(&self.root).unwrap_or(path);
        self.line.extend_from_slice(b"{\"path\":\"");
        escape(name.as_os_str().as_bytes(), &mut self.line);
        let rest = match about {
            Ok(about) => {
                if about.is_dir() {
                    self.folders.push(path.into());
                }
                // As `find -printf %y` has it, by what stat(2) says.
                let kind = b"?pc?d?b?f?l?s???"[(about.mode() >> 12 & 15) as usize] as char;
                format!("\",\"type\":\"{kind}\",\"size\":{},\"mtime\":{}}}\n", about.size(), about.mtime())
            }
            Err(error) => format!("\",\"errno\":{}}}\n", error.raw_os_error().unwrap_or(0)),
        };
        self.line.extend_from_slice(rest.as_bytes());
    }
}

fn escape(mut name: &[u8], json: &mut Vec<u8>) {
    while let Some((&byte, rest)) = name.split_first() {
        let valid = str::from_utf8(name).map_or_else(|error| error.valid_up_to(), str::len);
        for &byte in &name[..valid] {
            match byte {
                b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
                0..=0x1f => json.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => json.push(byte),
            }
        }
        name = &name[valid..];
        if valid == 0 {
            json.extend_from_slice(format!("\\udc{byte:02x}").as_bytes());
            name = rest;
        }
    }
}

/// What a string of JSON says. None for any other JSON, and for what is no path. Nothing comes here that is not JSON.
fn unescape(json: &str) -> Option<OsString> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut units = Vec::new(); // of UTF-16, as JSON counts
    while let Some(mut letter) = rest.next() {
        if letter == '\\' {
            letter = match rest.next()? {
                'b' => '\x08',
                'f' => '\x0c',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    units.push(u16::from_str_radix(rest.as_str().get(..4)?, 16).ok()?);
                    rest = rest.as_str()[4..].chars();
                    continue;
                }
                itself => itself,
            };
        }
        units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }
    let mut path = Vec::new();
    for letter in char::decode_utf16(units) {
        match letter.map_err(|error| error.unpaired_surrogate()) {
            Ok(letter) => path.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(byte @ 0xdc80..=0xdcff) => path.push(byte as u8),
            Err(_) => return None,
        }
    }
    Some(OsString::from_vec(path))
}

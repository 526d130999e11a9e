//! The form ZIP, of files that are small enough to be held: no file of 4 GB, and fewer than 65,536 of them. The crate
//! that does this would turn features on of what the AWS SDK is built on.

use super::Entry;
use flate2::{Compression, Crc, write::DeflateEncoder};
use std::io::{Error, Result, Write};

/// The first moment that the form has: the same files make the same archive.
const DATE: u16 = 0x21;
const VERSION: u16 = 20;
const MADE_ON_UNIX: u16 = (3 << 8) | VERSION;
/// Names are UTF-8.
const FLAGS: u16 = 0x0800;
const DEFLATED: u16 = 8;

/// An archive of these files.
pub(super) fn archive(entries: &[Entry]) -> Result<Vec<u8>> {
    let too_large = || Error::other("it is too large for a ZIP archive");
    let short = |n: usize| u32::try_from(n).map_err(|_| too_large());
    let (mut all, mut directory): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for entry in entries {
        let start = short(all.len())?;
        let mut crc = Crc::new();
        crc.update(&entry.content);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&entry.content)?;
        let packed = packed.finish()?;
        let name = u16::try_from(entry.name.len()).map_err(|_| too_large())?;
        let mut common: Vec<u8> = Vec::new();
        for number in [VERSION, FLAGS, DEFLATED, 0, DATE] {
            common.extend(number.to_le_bytes());
        }
        for number in [crc.sum(), short(packed.len())?, short(entry.content.len())?] {
            common.extend(number.to_le_bytes());
        }
        common.extend(name.to_le_bytes());
        common.extend(0u16.to_le_bytes());
        all.extend(b"PK\x03\x04");
        all.extend(&common);
        all.extend(entry.name.as_bytes());
        all.extend(packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(MADE_ON_UNIX.to_le_bytes());
        directory.extend(&common);
        // The comment, the disk and the kind of content: none of them.
        directory.extend([0; 6]);
        directory.extend(((0o100_000 | entry.mode) << 16).to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let start = short(all.len())?;
    let count = u16::try_from(entries.len()).map_err(|_| too_large())?;
    let size = short(directory.len())?;
    all.extend(directory);
    all.extend(b"PK\x05\x06");
    all.extend([0; 4]);
    all.extend(count.to_le_bytes());
    all.extend(count.to_le_bytes());
    all.extend(size.to_le_bytes());
    all.extend(start.to_le_bytes());
    all.extend([0; 2]);
    Ok(all)
}

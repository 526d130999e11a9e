//! The picture in a page that needs nothing else and may run nothing.

use super::svg;
use crate::report::markdown::marks::html as escaped;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;background:light-dark(#f6f3ec,#0b1b2c)}svg{display:block;max-width:100%;height:auto;margin:0 auto}";

pub(super) fn page(title: &str, picture: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}' 'sha256-{}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{picture}</body>\n</html>\n",
        hash(STYLE),
        hash(svg::STYLE),
        escaped(title)
    )
}

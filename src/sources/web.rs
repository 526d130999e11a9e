//! Questions to the network, which is handed in.

/// An answer of HTTP.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The address that answered, after redirects.
    pub url: String,
    /// The headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }
}

/// The network. Calls block; several threads make them. Errors are reasons in words.
pub trait Web: Sync {
    /// Asks with GET, and follows redirects.
    fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String>;
    /// An object of a bucket. Without a region, the usual one is asked.
    fn object(&self, region: Option<&str>, bucket: &str, key: &str) -> Result<Vec<u8>, String>;
}

/// An absolute address from one that may be relative to another.
pub fn absolute(base: &str, url: &str) -> String {
    if url.contains("://") {
        return url.to_owned();
    }
    let Some((scheme, rest)) = base.split_once("://") else { return url.to_owned() };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest[..end].split_once('/').unwrap_or((&rest[..end], ""));
    if let Some(rest) = url.strip_prefix("//") {
        return format!("{scheme}://{rest}");
    }
    if url.starts_with('/') {
        return format!("{scheme}://{authority}{url}");
    }
    let mut steps: Vec<&str> = path.split('/').collect();
    steps.pop();
    // Steps are taken in the path alone: "//" before a directory of a package has to stay.
    let mut url = url;
    loop {
        if let Some(rest) = url.strip_prefix("./") {
            url = rest;
        } else if let Some(rest) = url.strip_prefix("../") {
            steps.pop();
            url = rest;
        } else {
            break;
        }
    }
    let dir = if steps.is_empty() { String::new() } else { format!("{}/", steps.join("/")) };
    format!("{scheme}://{authority}/{dir}{url}")
}

#[cfg(test)]
mod tests {
    use super::absolute;

    #[test]
    fn an_address_is_made_absolute() {
        for (base, url, whole) in [
            ("https://x.example/a/b?q", "c", "https://x.example/a/c"),
            ("https://x.example/a/b", "./c//d?e=f", "https://x.example/a/c//d?e=f"),
            ("https://x.example/a/b/", "../c", "https://x.example/a/c"),
            ("https://x.example", "c", "https://x.example/c"),
            ("https://x.example/a", "/v1/", "https://x.example/v1/"),
            ("https://x.example/a", "http://y.example/", "http://y.example/"),
        ] {
            assert_eq!(absolute(base, url), whole);
        }
    }
}

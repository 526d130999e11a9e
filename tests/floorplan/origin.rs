//! Places that modules come from: a small HTTP server that answers what it was given, repositories of git, archives.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

/// What a path answers: status, headers, body.
#[derive(Clone, Default)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A server on the loopback interface. It runs until the tests end.
pub struct Server {
    port: u16,
    pages: Arc<Mutex<HashMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let pages: Arc<Mutex<HashMap<String, Page>>> = Arc::default();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (served, log) = (pages.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &served, &log);
            }
        });
        Server { port, pages, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Answers a path with a body from now on.
    pub fn page(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.put(path, Page { status: 200, body: body.into(), ..Page::default() });
    }

    pub fn put(&self, path: &str, page: Page) {
        self.pages.lock().expect("the pages").insert(path.to_owned(), page);
    }

    /// Adds versions of a module to what the registry under `/v1/modules/` has; each is at an address.
    pub fn module(&self, name: &str, versions: &[(&str, &str)]) {
        let list: Vec<String> = versions.iter().map(|(version, _)| format!("{{\"version\": \"{version}\"}}")).collect();
        let body = format!("{{\"modules\": [{{\"versions\": [{}]}}]}}", list.join(", "));
        self.page(&format!("/v1/modules/{name}/versions"), body);
        for (version, address) in versions {
            let headers = vec![("X-Terraform-Get".to_owned(), (*address).to_owned())];
            let page = Page { status: 204, headers, body: Vec::new() };
            self.put(&format!("/v1/modules/{name}/{version}/download"), page);
        }
    }

    /// What was asked since the last call, with the authorization if there was one.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("the log"))
    }
}

fn answer(mut stream: TcpStream, pages: &Mutex<HashMap<String, Page>>, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let token = headers.iter().find_map(|line| line.strip_prefix("authorization: "));
    let entry = token.map_or(path.clone(), |token| format!("{path} {token}"));
    log.lock().expect("the log").push(entry);
    let found = pages.lock().expect("the pages").get(&path).cloned();
    let page = found.unwrap_or(Page { status: 404, ..Page::default() });
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", page.status);
    if page.status != 204 {
        head.push_str(&format!("Content-Length: {}\r\n", page.body.len()));
    }
    for (name, value) in &page.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(b"\r\n"));
    let _ = stream.write_all(&page.body);
}

/// A compressed archive of files.
pub fn tar_gz(files: &[(&str, &str)]) -> Vec<u8> {
    let gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let mut builder = tar::Builder::new(gz);
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        // As bytes: the builder refuses names that lead out of an archive.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, text.as_bytes()).expect("an entry");
    }
    builder.into_inner().expect("an archive").finish().expect("an archive")
}

/// A zip archive of files, not compressed.
pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let at = all.len() as u32;
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend([0, text.len() as u32, text.len() as u32].map(u32::to_le_bytes).concat());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        all.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), text.as_bytes()].concat());
        directory
            .extend([b"PK\x01\x02\x14\0".as_slice(), &common, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (size, at, count) = (directory.len() as u32, all.len() as u32, files.len() as u16);
    all.extend(directory);
    all.extend(b"PK\x05\x06\0\0\0\0");
    all.extend([count, count].map(u16::to_le_bytes).concat());
    all.extend([size, at].map(u32::to_le_bytes).concat());
    all.extend([0, 0]);
    all
}

/// A repository of git.
pub struct Repository {
    dir: PathBuf,
}

impl Repository {
    /// An empty one.
    pub fn new(dir: &Path) -> Self {
        std::fs::create_dir_all(dir).expect("a directory");
        let repository = Repository { dir: dir.to_owned() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    pub fn url(&self) -> String {
        format!("git::file://{}", self.dir.display())
    }

    /// Commits files; the commit.
    pub fn commit(&self, files: &[(&str, &str)]) -> String {
        for (name, text) in files {
            let path = self.dir.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a directory");
            std::fs::write(path, text).expect("a file");
        }
        self.git(&["add", "--all"]);
        self.git(&["-c", "user.name=T", "-c", "user.email=t@example.test", "commit", "--quiet", "-m", "x"]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git").args(arguments).current_dir(&self.dir).output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

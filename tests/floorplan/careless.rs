//! A store that speaks as S3 and passes over the conditions of writes, as some do.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The objects, by path.
type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// The store; it lives as long as the process.
pub(super) struct Store {
    port: u16,
    objects: Objects,
}

impl Store {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, objects) = (listener.local_addr().unwrap().port(), Objects::default());
        let shared = objects.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| serve(stream, &shared)));
        Store { port, objects }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }
}

fn serve(mut stream: TcpStream, objects: &Objects) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
        if name.eq_ignore_ascii_case("expect") {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut objects = objects.lock().unwrap();
    let none = |code: &str| format!("<Error><Code>{code}</Code></Error>").into_bytes();
    let (status, text) = match method {
        "GET" if query.contains("list-type") => (200, b"<ListBucketResult/>".to_vec()),
        "GET" => objects.get(path).map_or((404, none("NoSuchKey")), |text| (200, text.clone())),
        "PUT" => {
            objects.insert(path.to_owned(), body);
            (200, Vec::new())
        }
        "DELETE" => {
            objects.remove(path);
            (204, Vec::new())
        }
        _ => (405, Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nETag: \"1\"\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), &text].concat());
}

//! A small HTTP server for tests that play the other side of a service.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    /// The body as JSON; null where it is none.
    pub body: Value,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn new(status: u16, body: &Value) -> Self {
        Answer { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn refused(status: u16, message: &str) -> Self {
        Self::new(status, &json!({ "message": message }))
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.query.split('&').find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value))
    }

    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    /// The steps of the path below the project.
    pub fn steps(&self, project: &str) -> Option<Vec<&str>> {
        Some(self.path.strip_prefix(project)?.split('/').collect())
    }

    /// A page of a list, as the request asks for it.
    pub fn page(&self, all: &[&Value]) -> Answer {
        let size = self.parameter("per_page").unwrap_or(30).min(100);
        let page = self.parameter("page").unwrap_or(1);
        let shown: Vec<&&Value> = all.iter().skip((page - 1) * size).take(size).collect();
        let mut answer = Answer::new(200, &json!(shown));
        if all.len() > page * size {
            let next = format!("<http://127.0.0.1{}?per_page={size}&page={}>; rel=\"next\"", self.path, page + 1);
            answer.headers.push(("Link".into(), next));
        }
        answer
    }
}

/// Answers on a port of its own. Where nothing is answered, the connection is closed.
pub fn listen(answer: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || serve(stream, answer.as_ref()));
        }
    });
    port
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Request) -> Option<Answer>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    let (mut length, mut headers) = (0, Vec::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.split_once(':') else { break };
        let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
        if name == "content-length" {
            length = value.parse().unwrap();
        }
        headers.push((name, value));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
    let (path, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let request = Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let Some(answer) = answer(&request) else { return };
    let mut head =
        format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let _ = stream.write_all(format!("{head}\r\n{}", answer.body).as_bytes());
}

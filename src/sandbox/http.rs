//! The little HTTP that the sandbox's control surface needs: one request, one answer, no reuse.
//!
//! It speaks to the loopback interface only and must never be used to reach AWS.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// An answer: its status code and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The body, as it came.
    pub body: Vec<u8>,
}

/// A request to a port of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// GET, POST or DELETE.
    pub method: &'a str,
    /// The path, starting with a slash.
    pub path: &'a str,
    /// Header lines besides Host and Content-Length.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, possibly empty.
    pub body: &'a [u8],
}

/// Sends a request to the loopback interface and reads the answer to its end.
pub fn send(port: u16, request: &Request<'_>, timeout: Duration) -> io::Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    let mut message = format!(
        "{} {} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\n",
        request.method,
        request.path,
        request.body.len()
    );
    for (name, value) in request.headers {
        message.push_str(&format!("{name}: {value}\r\n"));
    }
    message.push_str("\r\n");
    stream.write_all(message.as_bytes())?;
    stream.write_all(request.body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not an HTTP answer"))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.lines().next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: bytes[end + 4..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_split_into_status_and_body() {
        let answer = parse(b"HTTP/1.0 404 NOT FOUND\r\nServer: x\r\n\r\nbody\r\n\r\nmore");
        assert_eq!(answer, Some(Answer { status: 404, body: b"body\r\n\r\nmore".to_vec() }));
    }

    #[test]
    fn what_is_not_http_is_refused() {
        for bytes in [&b""[..], b"HTTP/1.1 200", b"SSH-2.0\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(parse(bytes), None);
        }
    }
}

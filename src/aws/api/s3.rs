//! S3's form. The member `Bucket` is a part of the address, and `Key` of the path. An operation is
//! `Name METHOD /{Key}?part&{parameter}`: a part of what is asked for stays as it is, a parameter is the member of its name.
//! Other members that begin in lower case are headers. What is left is the root of the XML, unless content is sent. An
//! answer has its headers as members, and `Answer`: the root of its XML, by whatever name.

use super::form::{Request, encoded, plain, present, rooted};
use crate::aws::transport::host;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value as Json};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// The member of an answer that is the root of its XML.
const ANSWER: &str = "Answer";
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// The header that says how the sum of a content is made.
const ALGORITHM: &str = "x-amz-sdk-checksum-algorithm";

/// The call of `operation` with the members of `input`, and with content where there is some to send.
pub fn request(operation: &'static str, input: Json, content: Option<Vec<u8>>) -> Request {
    let Json::Object(mut members) = present(input) else { return request(operation, Map::new().into(), content) };
    let mut take = |name: &str| members.shift_remove(name).and_then(plain);
    let (bucket, key) = (take("Bucket"), take("Key").unwrap_or_default());
    let mut words = operation.split(' ').skip(1);
    let (method, place) = (words.next().unwrap_or("GET"), words.next().unwrap_or("/"));
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let key: Vec<String> = key.split('/').map(encoded).collect();
    let mut uri = path.replace("{Key}", &key.join("/"));
    let parameter = |part: &str| match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) => take(name).map(|value| format!("{name}={}", encoded(&value))),
        None => Some(part.to_owned()).filter(|part| !part.is_empty()),
    };
    let pairs: Vec<String> = query.split('&').filter_map(parameter).collect();
    if !pairs.is_empty() {
        uri = format!("{uri}?{}", pairs.join("&"));
    }
    let is_header = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
    let (headers, root): (Map<_, _>, Map<_, _>) = members.into_iter().partition(|(name, _)| is_header(name));
    let headers = headers.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect();
    let made = Request { method, uri, headers, bucket, ..Request::default() };
    match content {
        Some(content) => with_content(made, content),
        None => made.with_xml(NAMESPACE, &root),
    }
}

/// With content and its sum, which S3 keeps.
fn with_content(mut made: Request, content: Vec<u8>) -> Request {
    let header = |name: &str| made.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
    let algorithm = header(ALGORITHM).unwrap_or_else(|| "CRC32".into());
    let mut further = Vec::new();
    if header(ALGORITHM).is_none() {
        further.push((ALGORITHM.to_owned(), algorithm.clone()));
    }
    if header("content-type").is_none() {
        further.push(("content-type".to_owned(), "application/octet-stream".to_owned()));
    }
    if let Some(sum) = sum(&algorithm, &content) {
        further.push((format!("x-amz-checksum-{}", algorithm.to_ascii_lowercase()), BASE64_STANDARD.encode(sum)));
    }
    made.headers.extend(further);
    made.body = content;
    made
}

/// The sum of a content.
fn sum(algorithm: &str, content: &[u8]) -> Option<Vec<u8>> {
    let short = |polynomial| (crc(polynomial, u32::MAX.into(), content) as u32).to_be_bytes().to_vec();
    Some(match algorithm {
        "CRC32" => short(0xEDB8_8320),
        "CRC32C" => short(0x82F6_3B78),
        "CRC64NVME" => crc(0x9A6C_9329_AC4B_C9B5, u64::MAX, content).to_be_bytes().to_vec(),
        "SHA1" => Sha1::digest(content).to_vec(),
        "SHA256" => Sha256::digest(content).to_vec(),
        _ => return None,
    })
}

/// A cyclic redundancy check whose polynomial is written with its lowest power first.
fn crc(polynomial: u64, ones: u64, content: &[u8]) -> u64 {
    let step = |rest: u64, _| (rest >> 1) ^ (polynomial * (rest & 1));
    let table: Vec<u64> = (0..256).map(|byte| (0..8).fold(byte, step)).collect();
    let entry = |at: u64| table.get(usize::from(at as u8)).copied().unwrap_or_default();
    content.iter().fold(ones, |rest, byte| (rest >> 8) ^ entry(rest ^ u64::from(*byte))) ^ ones
}

/// The address of a request: the bucket is a part of the host where it can be one, else of the path.
pub fn address(service: String, path_style: bool, request: &mut Request) -> String {
    let Some(bucket) = request.bucket.take() else { return service };
    let is_ip = host(&service).parse::<IpAddr>().is_ok();
    match service.split_once("://") {
        Some((scheme, rest)) if !path_style && !is_ip && is_label(&bucket, scheme == "http") => {
            format!("{scheme}://{bucket}.{rest}")
        }
        _ => {
            request.uri = format!("/{}{}", encoded(&bucket), request.uri);
            service
        }
    }
}

/// Whether a bucket can be a part of a host. A certificate covers no name with dots.
fn is_label(bucket: &str, dots: bool) -> bool {
    let end = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let label = |text: &str| end(text.bytes().next()) && end(text.bytes().last());
    let inner = |b: u8| end(Some(b)) || b == b'-' || dots && b == b'.';
    (3..=63).contains(&bucket.len())
        && bucket.bytes().all(inner)
        && bucket.split('.').all(label)
        && bucket.parse::<IpAddr>().is_err()
}

/// The members of an answer.
pub fn members(response: &HttpResponse, text: &str) -> Json {
    let header = |(name, value): (&str, &str)| (name.to_ascii_lowercase(), Json::from(value));
    let mut all: Map<String, Json> = response.headers().iter().map(header).collect();
    if let Some(Json::Object(root)) = Some(text).filter(|text| text.starts_with('<')).and_then(rooted) {
        all.extend(root.into_iter().map(|(_, members)| (ANSWER.to_owned(), members)));
    }
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn made(operation: &'static str, input: Json) -> Request {
        request(operation, input, None)
    }

    fn header<'a>(made: &'a Request, name: &str) -> Option<&'a str> {
        made.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_member_is_a_parameter_a_header_or_the_root() {
        let input = json!({"Bucket": "logs", "id": "a b", "x-amz-expected-bucket-owner": "1", "x-amz-mfa": null,
            "Config": {"Grantee": {"xsi:type": "Group", "URI": "u"}}});
        let made = made("PutConfig PUT /?config&{id}&{none}", input);
        assert_eq!(
            (made.method, made.uri.as_str(), made.bucket.as_deref()),
            ("PUT", "/?config&id=a%20b", Some("logs"))
        );
        assert_eq!((header(&made, "x-amz-expected-bucket-owner"), header(&made, "x-amz-mfa")), (Some("1"), None));
        assert_eq!(
            String::from_utf8_lossy(&made.body),
            "<Config xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Grantee \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\"><URI>u</URI></Grantee></Config>"
        );
        assert!(header(&made, "content-md5").is_some());
    }

    #[test]
    fn a_bucket_is_part_of_the_host_where_it_can_be() {
        let at = |service: &str, bucket: &str, path_style| {
            let mut made = made("GetObject GET /{Key}", json!({"Bucket": bucket, "Key": "a b/c"}));
            let address = address(service.into(), path_style, &mut made);
            format!("{address}{}", made.uri)
        };
        let aws = "https://s3.eu-west-1.amazonaws.com";
        assert_eq!(at(aws, "logs", false), "https://logs.s3.eu-west-1.amazonaws.com/a%20b/c");
        assert_eq!(at(aws, "logs", true), "https://s3.eu-west-1.amazonaws.com/logs/a%20b/c");
        assert_eq!(at(aws, "a.logs", false), "https://s3.eu-west-1.amazonaws.com/a.logs/a%20b/c");
        assert_eq!(at("http://127.0.0.1:5000", "logs", false), "http://127.0.0.1:5000/logs/a%20b/c");
        assert_eq!(at("http://localhost:5000", "a.logs", false), "http://a.logs.localhost:5000/a%20b/c");
    }

    #[test]
    fn content_goes_with_its_sum() {
        let hex =
            |algorithm| sum(algorithm, b"123456789").unwrap().iter().map(|b| format!("{b:02x}")).collect::<String>();
        assert_eq!((hex("CRC32").as_str(), hex("CRC32C").as_str()), ("cbf43926", "e3069283"));
        assert_eq!(hex("CRC64NVME"), "ae8b14860a799888");
        let sent = request("PutObject PUT /{Key}", json!({"Key": "k"}), Some(b"123456789".to_vec()));
        assert_eq!(header(&sent, "x-amz-checksum-crc32"), Some("y/Q5Jg=="));
        assert_eq!(header(&sent, "content-type"), Some("application/octet-stream"));
    }
}

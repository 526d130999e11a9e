//! Modules in container registries, as OpenTofu keeps them: an artifact with one layer, a zip archive.

use super::address::pairs;
use super::cache::hex;
use super::web::{Answer, Web};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYER: &str = "archive/zip";

/// The archive of an artifact. Registries that let everybody read are read.
pub fn fetch(web: &dyn Web, host: &str, repository: &str, version: &str) -> Result<Vec<u8>, String> {
    let scheme = if is_local(host) { "http" } else { "https" };
    let base = format!("{scheme}://{host}/v2/{repository}");
    let mut token = None;
    let mut get = |url: &str| -> Result<Answer, String> {
        let mut answer = ask(web, url, token.as_deref())?;
        if answer.status == 401 && token.is_none() {
            token = Some(anonymous(web, &answer)?);
            answer = ask(web, url, token.as_deref())?;
        }
        match answer.status {
            200 => Ok(answer),
            401 | 403 => Err(format!("{host} lets only those read who log in, which is not supported")),
            404 => Err(format!("{host} has no {repository} of the version {version:?}")),
            status => Err(format!("{host} answered {status}")),
        }
    };
    let answer = get(&format!("{base}/manifests/{version}"))?;
    if version.contains(':') {
        same(version, &answer.body)?;
    }
    let manifest: Json = serde_json::from_slice(&answer.body).map_err(|_| format!("{host} gives no manifest"))?;
    let layers = manifest["layers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let layer = layers.iter().find(|layer| layer["mediaType"] == LAYER);
    let digest = layer.and_then(|layer| layer["digest"].as_str());
    let digest = digest.ok_or_else(|| format!("the artifact has no layer of the type {LAYER}: it is not a module"))?;
    let blob = get(&format!("{base}/blobs/{digest}"))?;
    same(digest, &blob.body)?;
    Ok(blob.body)
}

fn ask(web: &dyn Web, url: &str, token: Option<&str>) -> Result<Answer, String> {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("accept", MANIFEST)];
    headers.extend(bearer.iter().map(|value| ("authorization", value.as_str())));
    web.get(url, &headers)
}

/// The token that a registry gives to everybody, from the place that its refusal names.
fn anonymous(web: &dyn Web, refusal: &Answer) -> Result<String, String> {
    let challenge = refusal.header("www-authenticate").and_then(|text| text.strip_prefix("Bearer "));
    let challenge = challenge.ok_or("the registry lets only those read who log in, which is not supported")?;
    let argument = |name: &str| {
        challenge
            .split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
            .map(|v| v.trim_matches('"'))
    };
    let realm = argument("realm").ok_or("the registry does not say where it gives tokens")?;
    let query: Vec<String> =
        ["service", "scope"].into_iter().filter_map(|name| Some(format!("{name}={}", argument(name)?))).collect();
    let sign = if pairs(realm.split_once('?').map_or("", |(_, query)| query)).next().is_some() { '&' } else { '?' };
    let answer = web.get(&format!("{realm}{sign}{}", query.join("&")), &[])?;
    let json: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
    let token = json["token"].as_str().or(json["access_token"].as_str());
    token
        .map(str::to_owned)
        .ok_or_else(|| "the registry lets only those read who log in, which is not supported".into())
}

fn same(digest: &str, bytes: &[u8]) -> Result<(), String> {
    let found = format!("sha256:{}", hex(&Sha256::digest(bytes)));
    if found == digest { Ok(()) } else { Err(format!("what was sent has the digest {found}, not {digest}")) }
}

/// Registries of this machine speak without TLS, as Docker's do.
fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

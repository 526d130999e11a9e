//! The certificates that a server shows: a handshake and nothing more.

use super::clients::{ANSWER_TIMEOUT, CONNECT_TIMEOUT};
use super::transport::Transport;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Transport {
    /// The certificates of a server in DER, its own first. Where `verify` is set, the system has to trust them, or the
    /// file that `AWS_CA_BUNDLE` names. Errors are reasons in words.
    pub async fn shown(&self, host: &str, port: u16, verify: bool) -> Result<Vec<Vec<u8>>, String> {
        let (host, bundle) = (host.to_owned(), self.bundle().map(PathBuf::from));
        let asked = tokio::task::spawn_blocking(move || shown(&host, port, verify.then_some(bundle.as_deref())));
        asked.await.map_err(|e| format!("the question broke off: {e}"))?
    }
}

/// With the verification that `trust` asks for: of the system's certificates and those of a file.
fn shown(host: &str, port: u16, trust: Option<Option<&Path>>) -> Result<Vec<Vec<u8>>, String> {
    let failed = |e: &dyn std::fmt::Display| format!("{host}:{port} cannot be asked for its certificates: {e}");
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Some(bundle) => {
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(bundle)), provider.clone());
            verifier.build().map_err(|e| failed(&e))?
        }
        None => Arc::new(Anyone(provider.clone())),
    };
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|e| failed(&e))?.dangerous().with_custom_certificate_verifier(verifier);
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host:?} is not the name of a host"))?;
    let mut tls = ClientConnection::new(Arc::new(config.with_no_client_auth()), name).map_err(|e| failed(&e))?;
    let mut socket = connected(host, port).map_err(|e| failed(&e))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut socket).map_err(|e| failed(&e))?;
    }
    Ok(tls.peer_certificates().unwrap_or_default().iter().map(|one| one.as_ref().to_vec()).collect())
}

/// The first address of the host that answers.
fn connected(host: &str, port: u16) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::from(std::io::ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(socket) => {
                socket.set_read_timeout(Some(ANSWER_TIMEOUT))?;
                socket.set_write_timeout(Some(ANSWER_TIMEOUT))?;
                return Ok(socket);
            }
            Err(e) => last = e,
        }
    }
    Err(last)
}

/// The certificates of the system and those of a file; what is not one is left out.
fn roots(bundle: Option<&Path>) -> RootCertStore {
    let mut store = RootCertStore::empty();
    let own = bundle.and_then(|path| CertificateDer::pem_file_iter(path).ok());
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    store.add_parsable_certificates(own.into_iter().flatten().filter_map(Result::ok));
    store
}

/// Accepts any certificate: the caller only looks at it.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

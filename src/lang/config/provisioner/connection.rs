//! The `connection` block: how the machine is reached on which a provisioner works.

use crate::lang::config::reader;
use crate::lang::expr::Body;
use crate::schema::{Attribute, Attrs};
use crate::value::{Type, duration};
use std::time::Duration;

/// How long a machine may take until it answers, where the block says nothing.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// Where a script goes on the machine; `%RAND%` becomes a random number.
const SCRIPT: &str = "/tmp/floorplan_%RAND%.sh";

/// Arguments that the system's `ssh` cannot be given, with what to use instead.
const NOT_SERVED: [(&str, &str); 12] = [
    ("agent_identity", "Give private_key, or load only the one key into the agent."),
    ("bastion_password", "Give bastion_private_key."),
    ("proxy_scheme", "Reach the machine through a bastion host."),
    ("proxy_host", "Reach the machine through a bastion host."),
    ("proxy_port", "Reach the machine through a bastion host."),
    ("proxy_user_name", "Reach the machine through a bastion host."),
    ("proxy_user_password", "Reach the machine through a bastion host."),
    ("https", WINRM),
    ("insecure", WINRM),
    ("use_ntlm", WINRM),
    ("cacert", WINRM),
    ("bastion_certificate", "Use a key of the bastion host that needs no certificate."),
];
const WINRM: &str = "Machines are reached only over SSH. Set a Windows machine up through user_data or its image.";

/// One machine, and who logs in with which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Name or address.
    pub host: String,
    /// The port of its SSH server.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The private key as text, in OpenSSH's or PEM form.
    pub private_key: Option<String>,
    /// The public host key that the machine must have.
    pub host_key: Option<String>,
}

/// How a machine is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The machine.
    pub machine: Login,
    /// The machine through which it is reached.
    pub bastion: Option<Login>,
    /// The user's password.
    pub password: Option<String>,
    /// The certificate of the private key.
    pub certificate: Option<String>,
    /// Whether keys of the user's SSH agent are tried too.
    pub agent: bool,
    /// How long the machine may take until it answers.
    pub timeout: Duration,
    /// Where a script goes on the machine.
    pub script_path: String,
}

/// The rows of the block.
pub(super) fn rows() -> Vec<Attribute> {
    let text = |name| Attribute::new(name, Type::String);
    let texts = [
        "type",
        "user",
        "password",
        "host",
        "timeout",
        "script_path",
        "private_key",
        "certificate",
        "host_key",
        "target_platform",
        "bastion_host",
        "bastion_host_key",
        "bastion_user",
        "bastion_private_key",
    ];
    let numbers = ["port", "bastion_port"].map(|name| Attribute::new(name, Type::Number));
    let other = NOT_SERVED.iter().map(|(name, _)| text(*name));
    let agent = Attribute::new("agent", Type::Bool);
    texts.into_iter().map(text).chain(numbers).chain(other).chain([agent]).collect()
}

/// Why no machine can be reached with a block as it is written, and what to do.
pub(super) fn unusable(body: &Body) -> Option<(String, &'static str)> {
    if body.attribute("host").is_none() {
        let cause = "The connection block has no host.".to_owned();
        return Some((cause, "Add host, such as `host = self.public_ip`."));
    }
    let given = |name: &str| body.attribute(name).is_some();
    let written = |name: &str| reader::expr(body, name).and_then(|expr| expr.as_string());
    if written("type").is_some_and(|kind| &*kind != "ssh") {
        return Some((format!("Its connection is of type {:?}.", written("type").unwrap_or_default()), WINRM));
    }
    if written("target_platform").is_some_and(|platform| &*platform != "unix") {
        return Some(("Its connection is to a Windows machine.".to_owned(), WINRM));
    }
    let (name, hint) = NOT_SERVED.iter().find(|(name, _)| given(name))?;
    Some((format!("{name:?} of its connection is not supported."), hint))
}

impl Connection {
    /// The connection that the values of a block describe.
    pub(super) fn read(attrs: &Attrs) -> Result<Self, String> {
        let text = |name: &str| attrs.string(name).filter(|text| !text.is_empty());
        for (name, expected) in [("type", "ssh"), ("target_platform", "unix")] {
            if let Some(given) = text(name).filter(|given| given != expected) {
                return Err(format!("{given:?} is not a supported {name} of a connection. {WINRM}"));
            }
        }
        let host = text("host").ok_or("The host of the connection is null or empty.")?;
        let port = |name: &str, or: u16| match attrs.get(name).filter(|v| !v.is_null()) {
            Some(value) => value
                .as_i64()
                .and_then(|n| u16::try_from(n).ok())
                .filter(|n| *n > 0)
                .ok_or_else(|| format!("{name:?} of the connection is not a valid port.")),
            None => Ok(or),
        };
        let timeout = match text("timeout") {
            Some(text) => {
                duration::parse(&text).ok_or_else(|| format!("{text:?} is not a valid timeout, such as \"5m\"."))?
            }
            None => PATIENCE,
        };
        let machine = Login {
            host,
            port: port("port", 22)?,
            user: text("user").unwrap_or_else(|| "root".into()),
            private_key: text("private_key"),
            host_key: text("host_key"),
        };
        let bastion = match text("bastion_host") {
            Some(host) => Some(Login {
                host,
                port: port("bastion_port", machine.port)?,
                user: text("bastion_user").unwrap_or_else(|| machine.user.clone()),
                private_key: text("bastion_private_key").or_else(|| machine.private_key.clone()),
                host_key: text("bastion_host_key"),
            }),
            None => None,
        };
        for login in std::iter::once(&machine).chain(&bastion) {
            for (name, text) in [("host", &login.host), ("user", &login.user)] {
                if text.starts_with('-') || text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '"') {
                    return Err(format!("{text:?} is not a valid {name} of a connection."));
                }
            }
        }
        Ok(Connection {
            machine,
            bastion,
            password: text("password"),
            certificate: text("certificate"),
            agent: attrs.bool("agent") != Some(false),
            timeout,
            script_path: text("script_path").unwrap_or_else(|| SCRIPT.into()),
        })
    }
}

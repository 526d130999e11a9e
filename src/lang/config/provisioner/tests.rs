use super::connection::Connection;
use crate::schema::Attrs;
use crate::value::Value;

fn read(values: &[(&'static str, &str)]) -> Result<Connection, String> {
    Connection::read(&Attrs::from_value(&Value::object(values.iter().map(|(name, text)| (*name, Value::string(text))))))
}

#[test]
fn what_a_connection_leaves_out_is_as_in_terraform() {
    let connection = read(&[("host", "10.0.0.9")]).unwrap();
    assert_eq!((connection.machine.user.as_str(), connection.machine.port), ("root", 22));
    assert_eq!((connection.agent, connection.timeout.as_secs()), (true, 300));
    assert_eq!(connection.bastion, None);
}

#[test]
fn a_bastion_takes_user_and_key_of_the_machine() {
    let connection = read(&[("host", "a"), ("user", "admin"), ("private_key", "KEY"), ("bastion_host", "b")]).unwrap();
    let bastion = connection.bastion.unwrap();
    assert_eq!((bastion.user.as_str(), bastion.private_key.as_deref()), ("admin", Some("KEY")));
}

#[test]
fn a_value_that_would_be_an_option_of_ssh_is_refused() {
    for host in ["-oProxyCommand=x", "a b", "a\nProxyCommand x", "a\"", ""] {
        assert!(read(&[("host", host)]).is_err(), "{host:?}");
    }
    assert!(read(&[("host", "a"), ("user", "x\ny")]).is_err());
    assert!(read(&[("host", "a"), ("timeout", "soon")]).is_err());
    assert!(read(&[("host", "a"), ("type", "winrm")]).is_err());
}

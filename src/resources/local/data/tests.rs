use super::{Around, data_sources};
use crate::lang::funcs::Files;
use crate::schema::Attrs;
use crate::sources::disk::Disk;
use crate::value::{Type, Value};
use std::fs;
use std::path::Path;

fn texts(of: &[(&str, &str)]) -> Value {
    Value::map(Type::String, of.iter().map(|(k, v)| ((*k).into(), Value::string(v))).collect())
}

fn read(dir: &Path, name: &str, config: Attrs) -> Result<Attrs, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let around = Around { dir: dir.to_owned(), endpoint: None };
    runtime.block_on(data_sources()[name].read(&around, &config))
}

/// What the real Terraform 1.11 wrote, and what it says of it.
#[test]
fn the_outputs_of_a_state_of_terraform_are_read_as_there() {
    let dir = tempfile::tempdir().unwrap();
    let state = r#"{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {
        "id": {"value": "vpc-1", "type": "string"},
        "obj": {"value": {"a": [1, "x"], "b": ["q"], "n": null},
                "type": ["object", {"a": ["tuple", ["number", "string"]], "b": ["set", "string"], "n": "dynamic"}]},
        "secret": {"value": "s", "type": "string", "sensitive": true}}, "resources": [], "check_results": null}"#;
    fs::create_dir_all(dir.path().join("net/ws/blue")).unwrap();
    fs::write(dir.path().join("net/terraform.tfstate"), state).unwrap();
    fs::write(dir.path().join("net/ws/blue/terraform.tfstate"), state.replace("vpc-1", "vpc-2")).unwrap();
    let config = |path: &str| {
        let config = Value::object([("path", Value::string(path)), ("workspace_dir", "net/ws".into())]);
        let defaults = Value::object([("more", Value::from(1)), ("id", "x".into())]);
        Attrs::default().with("backend", "local").with("config", config).with("defaults", defaults)
    };
    let found = read(dir.path(), "terraform_remote_state", config("net/terraform.tfstate")).unwrap();
    let outputs = found.get("outputs").unwrap();
    assert_eq!(outputs.get("id").unwrap().as_str(), Some("vpc-1"));
    assert_eq!(outputs.get("more").unwrap().as_i64(), Some(1));
    assert_eq!(outputs.get("secret").unwrap(), &Value::string("s").mark(true), "Terraform itself forgets it");
    assert_eq!(outputs.get("obj").unwrap().get("b").unwrap(), &Value::set(Type::String, vec!["q".into()]));
    let blue = config("net/terraform.tfstate").with("workspace", "blue");
    let found = read(dir.path(), "terraform_remote_state", blue).unwrap();
    assert_eq!(found.get("outputs").unwrap().get("id").unwrap().as_str(), Some("vpc-2"));
    let none = read(dir.path(), "terraform_remote_state", config("none")).unwrap_err();
    assert!(none.contains("cannot be read: no such file"), "{none}");
    let gcs = read(dir.path(), "terraform_remote_state", config("x").with("backend", "gcs")).unwrap_err();
    assert!(gcs.contains("terraform state pull"), "{gcs}");
}

#[test]
fn files_are_read_with_their_sums() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), "hello").unwrap();
    let found = read(dir.path(), "local_file", Attrs::default().with("filename", "a.txt")).unwrap();
    assert_eq!(found.str("content"), Some("hello"));
    assert_eq!(found.str("content_md5"), Some("5d41402abc4b2a76b9719d911017c592"));
    assert_eq!(found.str("id"), Some("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"));
    let secret = read(dir.path(), "local_sensitive_file", Attrs::default().with("filename", "./a.txt")).unwrap();
    assert!(
        secret.get("content").is_some()
            && data_sources()["local_sensitive_file"].schema.attribute("content").unwrap().sensitive
    );
    assert!(read(dir.path(), "local_file", Attrs::default().with("filename", "b")).is_err());
    assert!(Files::exists(&Disk::new(dir.path(), None), "a.txt").unwrap());
}

#[test]
fn a_program_answers_the_query_that_it_gets() {
    let dir = tempfile::tempdir().unwrap();
    let run = |script: &str| {
        let program = Value::list(Type::String, vec!["sh".into(), "-c".into(), script.into()]);
        let config = Attrs::default().with("program", program).with("query", texts(&[("a", "1")]));
        read(dir.path(), "external", config)
    };
    let found = run("printf '{\"got\": \"%s\"}' \"$(cat | tr -d '\"{}')\"").unwrap();
    assert_eq!(found.string_map("result")["got"], "a:1");
    assert!(run("echo oh >&2; exit 3").unwrap_err().contains("3: oh"));
    assert!(run("echo []").unwrap_err().contains("JSON object"));
    assert!(run("echo '{\"a\": 1}'").unwrap_err().contains("not a text"));
}

#[test]
fn templates_and_cloud_configs_are_rendered() {
    let dir = tempfile::tempdir().unwrap();
    let config = Attrs::default().with("template", "Hello, ${name}!").with("vars", texts(&[("name", "you")]));
    let found = read(dir.path(), "template_file", config).unwrap();
    assert_eq!(found.str("rendered"), Some("Hello, you!"));
    let part = Value::object([
        ("content", Value::string("baz")),
        ("content_type", "text/x-shellscript".into()),
        ("filename", Value::null(Type::String)),
        ("merge_type", Value::null(Type::String)),
    ]);
    let parts = Value::list(part.ty(), vec![part]);
    let plain = Attrs::default().with("gzip", false).with("base64_encode", false).with("part", parts);
    let found = read(dir.path(), "cloudinit_config", plain.clone()).unwrap();
    // The expectation of the provider's own tests.
    assert_eq!(
        found.str("rendered"),
        Some(
            "Content-Type: multipart/mixed; boundary=\"MIMEBOUNDARY\"\nMIME-Version: 1.0\r\n\r\n--MIMEBOUNDARY\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/x-shellscript\r\nMime-Version: 1.0\r\n\r\nbaz\r\n--MIMEBOUNDARY--\r\n"
        )
    );
    assert!(read(dir.path(), "cloudinit_config", plain.with("gzip", true)).is_err());
}

#[test]
fn an_archive_holds_the_files_that_are_named() {
    use crate::sources::archive::{Kind, unpack};
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("src/sub")).unwrap();
    fs::write(dir.path().join("src/a.py"), "print()\n".repeat(100)).unwrap();
    fs::write(dir.path().join("src/sub/b.py"), "b").unwrap();
    fs::write(dir.path().join("src/c.pyc"), "c").unwrap();
    let config = |kind: &str, path: &str| {
        let excludes = Value::set(Type::String, vec!["**/*.pyc".into()]);
        let config = Attrs::default().with("type", kind).with("source_dir", "src").with("output_path", path);
        config.with("excludes", excludes)
    };
    for (kind, path, unpacked) in [("zip", "out/a.zip", Kind::Zip), ("tar.gz", "a.tgz", Kind::TarGz)] {
        let found = read(dir.path(), "archive_file", config(kind, path)).unwrap();
        let bytes = fs::read(dir.path().join(path)).unwrap();
        assert_eq!(found.int("output_size").unwrap() as usize, bytes.len());
        let into = tempfile::tempdir().unwrap();
        unpack(unpacked, &bytes, into.path()).unwrap();
        assert_eq!(fs::read_to_string(into.path().join("a.py")).unwrap(), "print()\n".repeat(100));
        assert_eq!(fs::read_to_string(into.path().join("sub/b.py")).unwrap(), "b");
        assert!(!into.path().join("c.pyc").exists());
        let again = read(dir.path(), "archive_file", config(kind, path)).unwrap();
        assert_eq!(found.str("output_base64sha256"), again.str("output_base64sha256"));
    }
    assert!(read(dir.path(), "archive_file", config("rar", "x")).unwrap_err().contains("only zip and tar.gz"));
}

//! Modules from elsewhere: registries, repositories, archives, buckets; the cache and the lock file.

use crate::origin::{Page, Repository, Server, tar_gz, zip};
use crate::support::{Run, World};

/// A workspace with a server, and a cache and a configuration of Terraform of its own.
pub struct Place {
    pub world: World,
    pub server: Server,
}

pub const HOST: &str = "registry.example.test";

impl Place {
    pub fn new() -> Self {
        let (world, server) = (World::start(), Server::start());
        let services = format!("services = {{\n    \"modules.v1\" = \"{}\"\n  }}", server.url("/v1/modules/"));
        world.write("../terraformrc", &format!("host \"{HOST}\" {{\n  {services}\n}}\n"));
        Place { world, server }
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.with_path(arguments, None)
    }

    fn with_path(&self, arguments: &[&str], path: Option<&str>) -> Run {
        let outside = self.world.path().parent().expect("a folder").to_owned();
        let mut command = self.world.command(arguments);
        command.env("TF_CLI_CONFIG_FILE", outside.join("terraformrc")).env("XDG_CACHE_HOME", outside.join("cache"));
        command.env("TF_TOKEN_registry_example_test", "secret");
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = command.output().expect("the program runs");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// As on another machine: nothing is installed, and nothing cached.
    fn elsewhere(&self) {
        for dir in [".terraform", "../cache"] {
            let _ = std::fs::remove_dir_all(self.world.path().join(dir));
        }
    }

    pub fn repository(&self, name: &str) -> Repository {
        Repository::new(&self.world.path().join("..").join(name))
    }

    /// The value of an output in a plan.
    fn planned(&self, name: &str) -> String {
        let plan = self.run(&["plan", "--format=json"]).succeeds().stdout;
        let plan: serde_json::Value = serde_json::from_str(&plan).expect("JSON");
        plan["planned_values"]["outputs"][name]["value"].as_str().unwrap_or_default().to_owned()
    }
}

fn output(value: &str) -> String {
    format!("output \"name\" {{\n  value = \"{value}\"\n}}\n")
}

fn call(source: &str, more: &str) -> String {
    format!("module \"m\" {{\n  source = \"{source}\"\n{more}}}\noutput \"name\" {{\n  value = module.m.name\n}}\n")
}

#[test]
fn a_module_of_a_registry_is_fetched_and_pinned() {
    let place = Place::new();
    let label = place.repository("label");
    label.commit(&[("main.tf", &output("${path.module} ${file(\"${path.module}/x.txt\")}")), ("x.txt", "label")]);
    label.git(&["tag", "v1.0.0"]);
    place.server.module("acme/label/null", &[("1.0.0", &format!("{}?ref=v1.0.0", label.url()))]);
    let network = format!(
        "module \"label\" {{\n  source  = \"{HOST}/acme/label/null\"\n  version = \"~> 1.0\"\n}}\nmodule \"vpc\" {{\n  source = \"./modules/vpc\"\n}}\noutput \"name\" {{\n  value = module.label.name\n}}\noutput \"id\" {{\n  value = module.vpc.id\n}}\n"
    );
    let vpc = "resource \"aws_vpc\" \"this\" {\n  cidr_block = \"10.0.0.0/16\"\n}\noutput \"id\" {\n  value = aws_vpc.this.id\n}\n";
    let archive = tar_gz(&[("acme-network-0123/main.tf", &network), ("acme-network-0123/modules/vpc/main.tf", vpc)]);
    place.server.page("/archives/network", archive);
    let at = "/archives/network//*?archive=tar.gz";
    place.server.module("acme/network/aws", &[("1.0.0", at), ("1.2.0", at), ("2.0.0", at), ("2.1.0-beta", at)]);
    place.world.write("main.tf", &call(&format!("{HOST}/acme/network/aws"), "  version = \"~> 1.0\"\n"));

    let init = place.run(&["init", "-backend=false", "-input=false"]).succeeds();
    insta::assert_snapshot!(init.stdout, @r"
    module.m: registry.example.test/acme/network/aws 1.2.0
    module.m.module.label: registry.example.test/acme/label/null 1.0.0
    Pinned in .floorplan.lock.hcl.
    Providers are built in.
    The layout is ready. To see what apply would do: floorplan plan
    ");
    let lock = place.world.read(".floorplan.lock.hcl");
    let pin = format!("module \"{HOST}/acme/network/aws\" {{\n  version = \"1.2.0\"\n  hash    = \"h1:");
    assert!(lock.starts_with("# ") && lock.contains(&pin), "{lock}");
    let asked = place.server.asked();
    assert!(asked.iter().any(|path| path == "/v1/modules/acme/network/aws/versions Bearer secret"), "{asked:?}");
    assert!(asked.contains(&"/archives/network".to_owned()), "{asked:?}");

    place.run(&["apply", "--auto-approve", "--sandbox"]).succeeds();
    place.run(&["plan", "--detailed-exitcode", "--sandbox"]).exits(0);
    let shown = place.run(&["output", "name", "--raw"]).succeeds().stdout;
    assert_eq!(shown.trim(), ".terraform/modules/m.label label");
    place.run(&["destroy", "--auto-approve", "--sandbox"]).succeeds();

    // What is cached needs no network, and what is pinned stays.
    std::fs::remove_dir_all(place.world.path().join(".terraform")).expect("it is there");
    place.server.module("acme/network/aws", &[("1.2.0", at), ("1.3.0", at)]);
    place.server.asked();
    place.run(&["validate"]).succeeds();
    place.run(&["init"]).succeeds();
    assert_eq!(place.server.asked(), [""; 0]);

    let upgraded = place.run(&["init", "-upgrade"]).succeeds();
    assert!(upgraded.stdout.contains("acme/network/aws 1.3.0"), "{}", upgraded.stdout);
    assert!(!place.world.read(".floorplan.lock.hcl").contains("1.2.0"));

    // Content that is not what was pinned is refused.
    place.elsewhere();
    place.server.page("/archives/network", tar_gz(&[("acme-network-0123/main.tf", &output("other"))]));
    let refused = place.run(&["plan"]).exits(1);
    assert!(refused.stderr.contains("acme/network/aws has changed"), "{}", refused.stderr);
    assert!(refused.stderr.contains("init -upgrade"), "{}", refused.stderr);
}

#[test]
fn a_repository_is_pinned_to_a_commit() {
    let place = Place::new();
    let repository = place.repository("repository");
    let first = repository.commit(&[("modules/a/main.tf", &output("one")), ("main.tf", "")]);
    place.world.write("main.tf", &call(&format!("{}//modules/a?ref=main", repository.url()), ""));
    assert_eq!(place.planned("name"), "one");
    assert!(place.world.read(".floorplan.lock.hcl").contains(&format!("commit = \"{first}\"")));

    let second = repository.commit(&[("modules/a/main.tf", &output("two"))]);
    place.elsewhere();
    assert_eq!(place.planned("name"), "one");
    place.run(&["init", "-upgrade"]).succeeds();
    assert_eq!(place.planned("name"), "two");
    assert!(place.world.read(".floorplan.lock.hcl").contains(&second));
    // A clone of the layout with another lock file gets what is pinned there.
    let lock = place.world.read(".floorplan.lock.hcl");
    place.run(&["init", "-lockfile=readonly"]).succeeds();
    place.world.write(".floorplan.lock.hcl", &lock.replace("module ", "module \"x\" {\n  hash = \"h1:x\"\n}\nmodule "));
    let refused = place.run(&["init", "-lockfile=readonly"]).exits(1);
    assert!(refused.stderr.contains("would change"), "{}", refused.stderr);

    place.world.write("main.tf", &call(&format!("{}//modules/a?ref={}", repository.url(), &first[..8]), ""));
    assert_eq!(place.planned("name"), "one");
    place.world.write("main.tf", &call(&format!("{}?ref=v9", repository.url()), ""));
    let refused = place.run(&["plan"]).exits(1);
    assert!(refused.stderr.contains("v9") && refused.stderr.contains("main.tf:2"), "{}", refused.stderr);
    let refused = place.with_path(&["plan"], Some("/nonexistent")).exits(1);
    assert!(refused.stderr.contains("Git is not installed"), "{}", refused.stderr);
}

#[test]
fn archives_are_fetched_from_the_web_and_from_buckets() {
    let place = Place::new();
    let bytes = zip(&[("sub/main.tf", &output("zip"))]);
    place.server.page("/x.zip", bytes.clone());
    place.world.write("main.tf", &call(&format!("{}//sub", place.server.url("/x.zip")), ""));
    assert_eq!(place.planned("name"), "zip");

    // A page that names another address, in its head or in a header.
    place.server.page("/page?terraform-get=1", "<meta name=\"terraform-get\" content=\"./y?archive=tgz\">");
    place.server.page("/y", tar_gz(&[("main.tf", &output("page"))]));
    place.world.write("main.tf", &call(&place.server.url("/page"), ""));
    assert_eq!(place.planned("name"), "page");
    let to = vec![("Location".to_owned(), "/y".to_owned())];
    place.server.put("/moved.tgz", Page { status: 302, headers: to, body: Vec::new() });
    place.world.write("main.tf", &call(&place.server.url("/moved.tgz"), ""));
    assert_eq!(place.planned("name"), "page");

    place.world.send(
        "PUT",
        "/bucket",
        "s3",
        &[],
        b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
    );
    place.world.send("PUT", "/bucket/dir/x.zip", "s3", &[], &bytes);
    place.world.write("main.tf", &call("s3::https://s3-eu-west-1.amazonaws.com/bucket/dir/x.zip//sub", ""));
    assert_eq!(place.planned("name"), "zip");

    place.server.page("/out.tgz", tar_gz(&[("../main.tf", "")]));
    for (path, reason) in [
        ("/out.tgz", "leads out of its directory"),
        ("/none.zip", "answered 404"),
        ("/none", "neither an archive"),
        ("/x.zip//missing", "no directory \"missing\""),
        ("/x.zip?checksum=md5:0", "not 0"),
        ("/x.tar.xz", "not supported"),
    ] {
        place.world.write("main.tf", &call(&place.server.url(path), ""));
        let refused = place.run(&["validate"]).exits(1);
        assert!(refused.stderr.contains(reason) && refused.stderr.contains("main.tf:2"), "{path}: {}", refused.stderr);
    }
}

#[test]
fn a_module_is_fetched_from_a_container_registry() {
    use sha2::{Digest, Sha256};
    let place = Place::new();
    let layer = zip(&[("main.tf", &output("oci"))]);
    let digest: String = Sha256::digest(&layer).iter().map(|byte| format!("{byte:02x}")).collect();
    place.server.page(&format!("/v2/acme/m/blobs/sha256:{digest}"), layer);
    let manifest = format!(
        r#"{{"schemaVersion": 2, "artifactType": "application/vnd.opentofu.modulepkg", "layers": [{{"mediaType": "archive/zip", "digest": "sha256:{digest}"}}]}}"#
    );
    place.server.page("/v2/acme/m/manifests/1.0", manifest);
    place.world.write("main.tf", &call(&format!("oci://{}/acme/m?tag=1.0", place.server.host()), ""));
    assert_eq!(place.planned("name"), "oci");
    place.world.write("main.tf", &call(&format!("oci://{}/acme/m?tag=2.0", place.server.host()), ""));
    let refused = place.run(&["plan"]).exits(1);
    assert!(refused.stderr.contains("of the version \"2.0\""), "{}", refused.stderr);
}

#[test]
fn what_terraform_installed_is_used() {
    let place = Place::new();
    place.world.write("main.tf", &call("acme/network/aws", "  version = \"~> 1.0\"\n"));
    place.world.write(".terraform/modules/m/sub/main.tf", &output("installed"));
    place.world.write(
        ".terraform/modules/modules.json",
        r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"m","Source":"registry.terraform.io/acme/network/aws","Version":"1.0.1","Dir":".terraform/modules/m/sub"}]}"#,
    );
    assert_eq!(place.planned("name"), "installed");
    assert!(!place.world.path().join(".floorplan.lock.hcl").exists());
    place.run(&["init"]).succeeds();
    assert!(place.world.read(".floorplan.lock.hcl").contains("version   = \"1.0.1\""));
    // From now on a change is an error.
    place.world.write(".terraform/modules/m/sub/main.tf", &output("changed"));
    let refused = place.run(&["plan"]).exits(1);
    assert!(refused.stderr.contains("differs from the lock file"), "{}", refused.stderr);
}

#[test]
fn what_cannot_be_fetched_is_an_error_with_its_cause() {
    let place = Place::new();
    place.server.module("acme/network/aws", &[("1.0.0", "./x.zip"), ("1.1.0", "/etc")]);
    let source = format!("{HOST}/acme/network/aws");
    for (source, more, reason) in [
        (source.as_str(), "  version = \"> 2\"\n", "no version meets \"> 2\"; there are 1.1.0, 1.0.0"),
        (source.as_str(), "  version = \"1.0.0\"\n", "answered 404"),
        ("registry.example.test/acme/other/aws", "", "has no module acme/other/aws"),
        ("127.0.0.1:1/a/b/c", "", "cannot be reached"),
        ("modules/x", "", "Invalid module source"),
        ("git::file:///nonexistent", "  version = \"1\"\n", "Version of a module without a registry"),
    ] {
        place.world.write("main.tf", &call(source, more));
        let refused = place.run(&["init"]).exits(1);
        let text = refused.stderr.to_lowercase();
        assert!(text.contains(&reason.to_lowercase()) && text.contains("main.tf:"), "{source}: {}", refused.stderr);
    }
    // A module inside of a package cannot leave it.
    place.server.page("/up.tgz", tar_gz(&[("main.tf", "module \"up\" {\n  source = \"../..\"\n}\n")]));
    place.world.write("main.tf", &format!("module \"m\" {{\n  source = \"{}\"\n}}\n", place.server.url("/up.tgz")));
    let refused = place.run(&["init"]).exits(1);
    assert!(refused.stderr.contains("leaves its package"), "{}", refused.stderr);
    let refused = place.run(&["init", "-get=false"]).exits(1);
    assert!(refused.stderr.contains("Module is not installed"), "{}", refused.stderr);
}

#[test]
fn a_constant_chooses_a_module() {
    let place = Place::new();
    let output = |value: &str| format!("output \"kind\" {{ value = {value:?} }}\n");
    let repository = place.repository("mods");
    repository.commit(&[("web/main.tf", &output("web from git"))]);
    place.world.write("near/data/main.tf", &output("data from here"));
    place.world.write(
        "main.tf",
        &format!(
            r#"
            variable "kind" {{ const = true }}
            locals {{ far = "{}//web" }}
            module "m" {{ source = var.kind == "web" ? local.far : "./near/${{var.kind}}" }}
            output "kind" {{ value = module.m.kind }}
            "#,
            repository.url()
        ),
    );
    let missing = place.run(&["init"]).exits(1);
    assert!(missing.stderr.contains("error: No value for the variable \"kind\""), "{}", missing.stderr);
    place.run(&["init", "--var", "kind=web"]).succeeds();
    place.run(&["validate", "--var", "kind=data"]).succeeds();
    place.run(&["plan", "--sandbox", "--var", "kind=data", "--out", "saved"]).succeeds();
    let applied = place.run(&["apply", "saved", "--sandbox"]).succeeds();
    assert!(applied.stdout.contains("data from here"), "{}", applied.stdout);
    place.world.write("terraform.tfvars", "kind = \"web\"\n");
    let applied = place.run(&["apply", "--sandbox", "--auto-approve"]).succeeds();
    assert!(applied.stdout.contains("web from git"), "{}", applied.stdout);
}

//! `wsdb config snapshot` and `diff`: formats of files, entries of lists, and YAML tags.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    tag_is_exported_and_imported,
}

fn snapshot(workspace: &TestWorkspace, files: &str) -> Value {
    workspace.json(&[words("config snapshot -r core"), words(files)].concat())
}

/// Takes snapshots of two versions of a file, and returns their differences as text.
fn diff(workspace: &TestWorkspace, file: &str, old: &str, new: &str) -> String {
    workspace.write(file, old);
    snapshot(workspace, file);
    workspace.write(file, new);
    snapshot(workspace, &format!("{file} --record"));
    workspace.ok(&["config", "diff", "core"])
}

/// A lock file of crates.
fn lock(crates: impl IntoIterator<Item = (String, &'static str)>) -> String {
    let package = |(name, version): (String, &str)| {
        let checksum = format!("{name}-{version}-checksum");
        format!(
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nchecksum = \"{checksum}\"\n\
             dependencies = [\n \"a {name}\",\n \"b {name}\",\n]\n"
        )
    };
    let packages: String = crates.into_iter().map(package).collect();
    format!("version = 4\n{packages}")
}

#[test]
fn inserted_entry_is_one_difference() {
    let workspace = TestWorkspace::with_workspace();
    let names = |range: std::ops::Range<u32>| range.map(|n| (format!("crate-{n:03}"), "1.0.0"));
    let old = lock(names(0..400));
    let new = lock(
        names(0..9)
            .chain([("crate-008a".to_owned(), "0.1.0")])
            .chain(names(9..400)),
    );
    assert_snapshot!(diff(&workspace, "core/Cargo.lock", &old, &new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    Cargo.lock
      + package[crate-008a]  {"checksum":"crate-008a-0.1.0-checksum","dependencies":["a crate-008a","b crate-008a"],"name":"crate-008a","version":"0.1.0"}
    1 difference: 1 added
    "#);
    let changes = workspace.json(&["config", "change", "list"]);
    assert_eq!(changes["total"], 1);
    let change = &changes["configuration_changes"][0];
    assert_eq!(change["change_type"], "added");
    assert_eq!(change["key_path"], "package[crate-008a]");
    let new_value: Value = serde_json::from_str(change["new_value"].as_str().unwrap()).unwrap();
    assert_eq!(new_value["version"], "0.1.0");
    let back = workspace.json(&["config", "diff", "2", "1"]);
    assert_eq!(back["total"], 1);
    assert_eq!(back["differences"][0]["change_type"], "removed");
    assert_eq!(back["differences"][0]["old"], new_value);
}

#[test]
fn entries_of_one_name_are_told_apart() {
    let workspace = TestWorkspace::with_workspace();
    let crates = |syn: &'static str, zip: &'static str| {
        let all = [
            ("serde", "1.0.1"),
            ("syn", "1.0.109"),
            ("syn", syn),
            ("zip", zip),
        ];
        lock(all.map(|(name, version)| (name.to_owned(), version)))
    };
    let (old, new) = (crates("2.0.98", "2.0.0"), crates("2.0.99", "2.1.0"));
    assert_snapshot!(diff(&workspace, "core/Cargo.lock", &old, &new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    Cargo.lock
      ~ package[syn 2.0.99].checksum  "syn-2.0.98-checksum" -> "syn-2.0.99-checksum"
      ~ package[syn 2.0.99].version  "2.0.98" -> "2.0.99"
      ~ package[zip].checksum  "zip-2.0.0-checksum" -> "zip-2.1.0-checksum"
      ~ package[zip].version  "2.0.0" -> "2.1.0"
    4 differences: 4 modified
    "#);
}

#[test]
fn another_order_is_one_difference() {
    let workspace = TestWorkspace::with_workspace();
    let old = "steps:\n- name: build\n  run: make\n- name: test\n- name: ship\npaths: [a, b, c]\n";
    let new =
        "steps:\n- name: test\n- name: build\n  run: make all\n- name: ship\npaths: [c, a, b]\n";
    assert_snapshot!(diff(&workspace, "core/ci.yml", old, new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    ci.yml
      ~ paths (order)  ["a","b","c"] -> ["c","a","b"]
      ~ steps[build].run  "make" -> "make all"
      ~ steps (order)  ["build","test"] -> ["test","build"]
    3 differences: 3 modified
    "#);
    let list = "config change list --format csv";
    assert_snapshot!(workspace.ok(&words(list)), @r#"
    id,repo,change_type,component_name,file_path,key_path,old_value,new_value,changed_at,changed_by,commit_hash,drift_detection_id,document_fields
    CHANGE-001,core,modified,,ci.yml,paths (order),"[""a"",""b"",""c""]","[""c"",""a"",""b""]",2026-01-15T10:00:02Z,mira,,,{}
    CHANGE-002,core,modified,,ci.yml,steps[build].run,make,make all,2026-01-15T10:00:02Z,mira,,,{}
    CHANGE-003,core,modified,,ci.yml,steps (order),"[""build"",""test""]","[""test"",""build""]",2026-01-15T10:00:02Z,mira,,,{}
    "#);
    workspace.ok(&["config", "diff", "core", "--record"]);
    assert_eq!(workspace.json(&["config", "change", "list"])["total"], 3);
}

#[test]
fn incremental_snapshot_keeps_the_order_of_a_list() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("core/a.json", "{\"list\": [1, 2, 3]}");
    workspace.write("core/b.json", "{\"x\": 1}");
    snapshot(&workspace, "core/a.json core/b.json");
    workspace.write("core/a.json", "{\"list\": [3, 1, 2, 2]}");
    snapshot(&workspace, "core/a.json core/b.json --type incremental");
    workspace.write("core/b.json", "{\"x\": 2}");
    snapshot(&workspace, "core/b.json --type incremental");
    let diff = workspace.json(&["config", "diff", "1", "3"]);
    let paths: Vec<&Value> = diff["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["key_path"])
        .collect();
    assert_eq!(paths, ["list[3]", "list (order)", "x"]);
    // Nothing has changed since: the list is as it was in the file.
    let again = snapshot(&workspace, "core/a.json core/b.json");
    assert_eq!(again["unchanged"], true);
}

#[test]
fn removed_and_added_entry_with_one_index_are_both_recorded() {
    let workspace = TestWorkspace::with_workspace();
    let found = diff(
        &workspace,
        "core/x.json",
        "[\"a\", \"b\", \"x\", \"c\"]",
        "[\"b\", \"c\", \"y\"]",
    );
    assert_snapshot!(found, @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    x.json
      - [0]  "a"
      - [2]  "x"
      + [2]  "y"
    3 differences: 1 added, 2 removed
    "#);
    assert_eq!(workspace.json(&["config", "change", "list"])["total"], 3);
}

#[test]
fn secret_in_an_entry_is_hidden() {
    let workspace = TestWorkspace::with_workspace();
    let old = "users:\n- name: ann\n  password: hunter1\n";
    let new = "users:\n- name: ann\n  password: hunter2\n- name: bob\n  password: hunter3\nsecrets:\n- key: s3cr3t\n  on: 1\n";
    assert_snapshot!(diff(&workspace, "core/x.yml", old, new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    x.yml
      + secrets  [{"key":"(hidden)","on":"(hidden)"}]
      ~ users[ann].password  (hidden)
      + users[bob]  {"name":"bob","password":"(hidden)"}
    3 differences: 2 added, 1 modified
    "#);
    for args in [
        "config change list --json",
        "config diff core --json",
        "config diff core --format csv",
    ] {
        let text = workspace.ok(&words(args));
        assert!(
            !text.contains("hunter") && !text.contains("s3cr3t"),
            "{args}: {text}"
        );
    }
    let note = workspace.stderr(&["config", "diff", "core"]);
    assert_snapshot!(note, @"note: 3 values look like secrets and are hidden; use --show-secrets to show them");
}

const TEMPLATE: &str = "bucket: !Ref Old
role: plain
key: !Sub '${AWS::Region}'
vault: !vault |
  $ANSIBLE_VAULT
  6133
list: !Join ['', [a, !GetAtt [b, Arn]]]
";

#[test]
fn tag_belongs_to_its_value() {
    let workspace = TestWorkspace::with_workspace();
    let new = TEMPLATE
        .replace("Old", "New")
        .replace("plain", "!Ref plain")
        .replace("!Sub", "!Base64")
        .replace("6133", "6134")
        .replace("Arn", "Name");
    assert_snapshot!(diff(&workspace, "core/template.yaml", TEMPLATE, &new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    template.yaml
      ~ bucket  {"!Ref":"Old"} -> {"!Ref":"New"}
      ~ key  {"!Sub":"${AWS::Region}"} -> {"!Base64":"${AWS::Region}"}
      + list[1][1][1]  "Name"
      - list[1][1][1]  "Arn"
      ~ role  "plain" -> {"!Ref":"plain"}
      ~ vault  {"!vault":"$ANSIBLE_VAULT\n6133\n"} -> {"!vault":"$ANSIBLE_VAULT\n6134\n"}
    6 differences: 1 added, 1 removed, 4 modified
    "#);
}

fn tag_is_exported_and_imported() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("core/template.yaml", TEMPLATE);
    let taken = snapshot(&workspace, "core/template.yaml");
    assert_eq!(
        taken["snapshot_data"]["template.yaml"]["bucket"],
        json!({"!Ref": "Old"})
    );
    workspace.ok(&["export", "out"]);
    let other = TestWorkspace::with_workspace();
    other.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    let list = ["config", "list"];
    assert_eq!(other.json(&list), workspace.json(&list));
}

#[test]
fn files_of_many_formats_are_read() {
    let workspace = TestWorkspace::with_workspace();
    let utf_16: Vec<u8> = "\u{feff}[a]\r\nflag\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    workspace.write("core/utf16.ini", utf_16);
    for (file, text) in [
        (
            "tsconfig.json",
            "\u{feff}// c\n{\"a\": {\"b\": [1.50, 2,],},}",
        ),
        ("settings.json", "{\"a\": 1 /* c */}"),
        (
            "renovate.json5",
            "{a: 'it\\'s', b: 0x1F, c: 12345678901234567890.10}",
        ),
        (".prettierrc", "semi: false\n"),
        (".babelrc", "{presets: ['env']}"),
        (
            "my.cnf",
            "[mysqld]\nskip-networking\nplugin = a\nplugin = b\n",
        ),
        (
            ".gitconfig",
            "[remote \"origin\"]\n\turl = u\n\tfetch = a\n\tfetch = b\n",
        ),
        (".env", "KEY=\"a\nb\"\nA=1\nA=$HOME\nexport B='x # y' # z\n"),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\nms@2:\n  version \"2.0.0\"\n",
        ),
        ("x.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\n"),
        ("requirements.txt", "flask==3.0\n"),
    ] {
        workspace.write(&format!("core/{file}"), text);
    }
    let files = "core/utf16.ini core/tsconfig.json core/settings.json core/renovate.json5 core/.prettierrc \
        core/.babelrc core/my.cnf core/.gitconfig core/.env core/yarn.lock core/x.lock core/requirements.txt";
    let taken = snapshot(&workspace, files);
    let numbers: Value = serde_json::from_str("[1.50, 12345678901234567890.10]").unwrap();
    assert_eq!(
        taken["snapshot_data"],
        json!({
            "utf16.ini": {"a": {"flag": true}},
            "tsconfig.json": {"a": {"b": [numbers[0], 2]}},
            "settings.json": {"a": 1},
            "renovate.json5": {"a": "it's", "b": 31, "c": numbers[1]},
            ".prettierrc": {"semi": false},
            ".babelrc": {"presets": ["env"]},
            "my.cnf": {"mysqld": {"skip-networking": true, "plugin": ["a", "b"]}},
            ".gitconfig": {"remote": {"origin": {"url": "u", "fetch": ["a", "b"]}}},
            ".env": {"KEY": "a\nb", "A": ["1", "$HOME"], "B": "x # y"},
            "yarn.lock": [{"name": "ms", "specifiers": ["ms@2"], "version": "2.0.0"}],
            "x.lock": {"package": [{"name": "a", "version": "1"}]},
            "requirements.txt": ["flask==3.0"],
        })
    );
    let shown = workspace.ok(&["config", "show", "1", "--show-secrets"]);
    assert!(
        shown.contains("12345678901234567890.10") && shown.contains("1.50"),
        "{shown}"
    );
}

#[test]
fn case_of_names_in_files_of_git_is_no_difference() {
    let workspace = TestWorkspace::with_workspace();
    let old = "[Core]\n\tautoCRLF = true\n[Remote \"Origin\"]\n\tURL = a\n";
    let new = "[core]\n\tautocrlf = true\n[remote \"origin\"]\n\turl = a\n";
    assert_snapshot!(diff(&workspace, "core/.gitconfig", old, new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    .gitconfig
      - remote.Origin  {"url":"a"}
      + remote.origin  {"url":"a"}
    2 differences: 1 added, 1 removed
    "#);
}

#[test]
fn unknown_formats_are_named() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("app.hcl", "a = 1\n");
    workspace.write(".bashrc", "export A=1\n");
    workspace.write("tsconfig.json", "{\"a\": 1, // c\n \"a\": 2}");
    workspace.write(".env", "A=1\nnot a line\n");
    let files = "config snapshot -r core app.hcl .bashrc tsconfig.json .env";
    assert_snapshot!(workspace.fails(1, &words(files)), @r#"
    error: app.hcl: the format of a file with this name is unknown; use --as FORMAT
           .bashrc: the format of a file with this name is unknown; use --as FORMAT
           tsconfig.json, line 2, column 2: duplicate key "a"
           .env, line 2, column 1: expected KEY=value
    hint: fix the problems above and run the command again
    "#);
    let lines = "config snapshot -r core .bashrc --as lines --json";
    let taken: Value = serde_json::from_str(&workspace.ok(&words(lines))).unwrap();
    assert_eq!(taken["snapshot_data"], json!({".bashrc": ["export A=1"]}));
}

#[test]
fn name_of_stdin_determines_the_format() {
    let workspace = TestWorkspace::with_workspace();
    let output = workspace.run_with_stdin(
        &words("config snapshot -r core - --name ./conf/x.toml --json"),
        "a = 1.10\n",
    );
    let text = workspace.text(&output.stdout);
    assert!(
        text.contains("\"conf/x.toml\"") && text.contains("1.10"),
        "{text}"
    );
}

#[test]
fn properties_and_lock_files_are_compared_by_key() {
    let workspace = TestWorkspace::with_workspace();
    let old = "# c\rserver.port=8080\rname = a \\\r  b\r";
    let new = old.replace("8080", "9090");
    assert_snapshot!(diff(&workspace, "core/app.properties", old, &new), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    app.properties
      ~ "server.port"  "8080" -> "9090"
    1 difference: 1 modified
    "#);
    let provider = |name: &str, version: &str| {
        format!(
            "provider \"{name}\" {{\n  version = \"{version}\"\n  hashes = [\n    \"h1:x\",\n  ]\n}}\n"
        )
    };
    let old = provider("a/aws", "5.0.0");
    let new = provider("a/null", "3.0.0") + &provider("a/aws", "5.1.0");
    assert_snapshot!(diff(&workspace, "core/.terraform.lock.hcl", &old, &new), @r#"
    SNAPSHOT-003 -> SNAPSHOT-004
    .terraform.lock.hcl
      + provider[a/null]  {"hashes":["h1:x"],"name":"a/null","version":"3.0.0"}
      ~ provider[a/aws].version  "5.0.0" -> "5.1.0"
    2 differences: 1 added, 1 modified
    "#);
    let old = r#"%{
      "jason": {:hex, :jason, "1.4.0", "aa", [:mix], [], "hexpm", "bb"},
    }"#;
    let new = old.replace("1.4.0", "1.4.1");
    assert_snapshot!(diff(&workspace, "core/mix.lock", old, &new), @r#"
    SNAPSHOT-005 -> SNAPSHOT-006
    mix.lock
      ~ jason.version  "1.4.0" -> "1.4.1"
    1 difference: 1 modified
    "#);
}

/// JSON has no dates: in a snapshot, a date of TOML is its text, as in YAML.
#[test]
fn date_and_its_text_are_no_difference() {
    let workspace = TestWorkspace::with_workspace();
    let dates = "day = 2024-01-01\ntime = 2024-01-01T10:00:00Z\ncount = 1\n";
    let texts = "day = \"2024-01-01\"\ntime = \"2024-01-01T10:00:00Z\"\ncount = \"1\"\n";
    assert_snapshot!(diff(&workspace, "a.toml", dates, texts), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    a.toml
      ~ count  1 -> "1"
    1 difference: 1 modified
    "#);
    let workspace = TestWorkspace::with_workspace();
    let date = "day: 2024-01-01\ncount: 1\n";
    let text = "day: \"2024-01-01\"\ncount: \"1\"\n";
    assert_snapshot!(diff(&workspace, "a.yaml", date, text), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    a.yaml
      ~ count  1 -> "1"
    1 difference: 1 modified
    "#);
}

#[test]
fn secrets_of_kubernetes_and_webhooks_are_never_recorded() {
    let workspace = TestWorkspace::with_workspace();
    let secret = |value: &str| {
        format!(
            "kind: Secret\nmetadata: {{name: web}}\nstringData: {{user: {value}}}\n---\nkind: ConfigMap\n\
             metadata: {{name: web}}\ndata: {{hook: 'https://hooks.slack.com/services/T0/B0/{value}'}}\n"
        )
    };
    let found = diff(
        &workspace,
        "core/web.yaml",
        &secret("sesame1"),
        &secret("sesame2"),
    );
    assert_snapshot!(found, @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    web.yaml
      ~ [Secret web].stringData.user  (hidden)
      ~ [ConfigMap web].data.hook  "https://hooks.slack.com/services/(hidden)"
    2 differences: 2 modified
    "#);
    let changes = workspace.ok(&["config", "change", "list", "--json", "--show-secrets"]);
    assert!(!changes.contains("sesame"), "{changes}");
    let shown = workspace.ok(&["config", "show", "1", "--json"]);
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn documents_of_a_yaml_file_are_compared_with_one_before() {
    let workspace = TestWorkspace::with_workspace();
    let web = "kind: Deployment\nmetadata: {name: web}\nreplicas: 1\n";
    let service = "---\nkind: Service\nmetadata: {name: web}\n";
    let both = format!("{}{service}---\n", web.replace('1', "2"));
    assert_snapshot!(diff(&workspace, "core/web.yaml", web, &both), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    web.yaml
      ~ [Deployment web].replicas  1 -> 2
      + [Service web]  {"kind":"Service","metadata":{"name":"web"}}
    2 differences: 1 added, 1 modified
    "#);
}

#[test]
fn names_in_texts_of_lists_are_recognized() {
    let workspace = TestWorkspace::with_workspace();
    let found = diff(
        &workspace,
        "core/requirements.txt",
        "flask==2.0\nrequests==2.31\n",
        "django==4.2\nflask==3.0\n",
    );
    assert_snapshot!(found, @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    requirements.txt
      + [django]  "django==4.2"
      ~ [flask]  "flask==2.0" -> "flask==3.0"
      - [requests]  "requests==2.31"
    3 differences: 1 added, 1 removed, 1 modified
    "#);
    let found = diff(
        &workspace,
        "core/compose.yaml",
        "environment: [HOST=db, PORT=80]\n",
        "environment: [DEBUG=1, HOST=cache]\n",
    );
    assert_snapshot!(found, @r#"
    SNAPSHOT-003 -> SNAPSHOT-004
    compose.yaml
      + environment[DEBUG]  "DEBUG=1"
      ~ environment[HOST]  "HOST=db" -> "HOST=cache"
      - environment[PORT]  "PORT=80"
    3 differences: 1 added, 1 removed, 1 modified
    "#);
}

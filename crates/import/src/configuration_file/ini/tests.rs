use wsdb_core::json;

use super::*;

fn read(name: &str, text: &str) -> Result<Json, String> {
    let result = read_ini(Path::new(name), text);
    result.map_err(|error| format!("{}: {}", error.line, error.reason))
}

#[test]
fn key_without_a_value_is_true() {
    let text = "[mysqld]\nskip-networking\nempty =\nport = 3306\nbig-tables\n";
    let fields = json!({"skip-networking": true, "empty": "", "port": "3306", "big-tables": true});
    assert_eq!(read("my.cnf", text), Ok(json!({"mysqld": fields})));
    assert_eq!(read("x.ini", "flag"), Ok(json!({"flag": true})));
}

#[test]
fn comments_within_a_line_depend_on_the_program() {
    for (name, text, value) in [
        (".npmrc", "x=false ; old", json!("false")),
        (".npmrc", "x=a#b", json!("a")),
        (".npmrc", r#"x="a;b""#, json!(r#""a;b""#)),
        (".npmrc", r"x=a\;b", json!(r"a\;b")),
        ("my.cnf", "x = 1 # old", json!("1")),
        ("my.cnf", "x # old", json!(true)),
        ("my.cnf", "x = 'a#b' # c", json!("'a#b'")),
        ("my.cnf", "x = a ; b", json!("a ; b")),
        ("50-server.cnf", "x = 1 # old", json!("1")),
        ("php.ini", "x = 128M ; old", json!("128M")),
        ("php.ini", "x = #1", json!("#1")),
        ("supervisord.conf", "x = a;b ; old", json!("a;b")),
        ("setup.cfg", "x = a # b", json!("a # b")),
        (".editorconfig", "x = a ; b", json!("a ; b")),
        ("x.service", "x = a ; b", json!("a ; b")),
    ] {
        assert_eq!(read(name, text), Ok(json!({"x": value})), "{name}: {text}");
    }
}

#[test]
fn repeated_keys_are_a_list() {
    let text = "[a]\nx = 1\ny = 0\nx = 2\n[b]\nx = 3\n[a]\nx = 2\nx\n";
    assert_eq!(
        read("x.ini", text),
        Ok(json!({"a": {"x": ["1", "2", "2", true], "y": "0"}, "b": {"x": "3"}}))
    );
    let text = "x =\n  1\nx =\n  2\n  3\n";
    assert_eq!(read("x.ini", text), Ok(json!({"x": ["\n1", "\n2\n3"]})));
}

#[test]
fn only_deeper_lines_continue_a_value() {
    let text = "[a]\n  x = 1\n  y = 2\n    3\n\n    # no\n    4\n  z = 5\n";
    let fields = json!({"x": "1", "y": "2\n3\n4", "z": "5"});
    assert_eq!(read("tox.ini", text), Ok(json!({"a": fields})));
    let text = "[*.py]\n x = 1\n    y = 2\n";
    let fields = json!({"*.py": {"x": "1", "y": "2"}});
    assert_eq!(read(".editorconfig", text), Ok(fields));
}

#[test]
fn nothing_is_expanded_or_unquoted() {
    let text = "a = $HOME/${x} ~ %(b)s\nb = \"q\\n\" ; c\nc = C:\\new\\\nd: x=1\n[s] # comment ]\n";
    assert_eq!(
        read("x.ini", text),
        Ok(json!({
            "a": "$HOME/${x} ~ %(b)s",
            "b": "\"q\\n\" ; c",
            "c": "C:\\new\\",
            "d": "x=1",
            "s": {},
        }))
    );
}

#[test]
fn keys_of_npm_contain_colons() {
    let text =
        "//registry.npmjs.org/:_authToken=${TOKEN}\n@acme:registry=https://npm.acme.example/\n";
    assert_eq!(
        read(".npmrc", text),
        Ok(json!({
            "//registry.npmjs.org/:_authToken": "${TOKEN}",
            "@acme:registry": "https://npm.acme.example/",
        }))
    );
}

#[test]
fn git_files_are_read_as_git_does() {
    let text = "[user]\n\tname = \"Mira # M\" ; me\n\temail = mira@x.example  \n[remote \"or.igin\"]\n\
        \tfetch = +a:b\n\tfetch = +c:d\n[core] bare # yes\n[alias]\n\tl = log \\\n --all\n\
        \tq = \"!f() { echo \\\"$1\\\"; }\"\n[remote]\n\tpushDefault = x\n[remote \"pushDefault\"]\n\turl = u\n";
    assert_eq!(
        read(".gitconfig", text),
        Ok(json!({
            "user": {"name": "Mira # M", "email": "mira@x.example"},
            "remote": {
                "or.igin": {"fetch": ["+a:b", "+c:d"]},
                "pushdefault": "x",
                "pushDefault": {"url": "u"},
            },
            "core": {"bare": true},
            "alias": {"l": "log  --all", "q": "!f() { echo \"$1\"; }"},
        }))
    );
    assert_eq!(
        read(".gitconfig", "[a]\nb = \"x\n"),
        Err("2: expected \" at the end of the value".to_owned())
    );
}

#[test]
fn git_ignores_the_case_of_sections_and_keys() {
    let written = "[Core]\n\tautoCRLF = True\n[Remote \"Origin\"]\n\tURL = A\n[Branch.Main]\nReBase\n\
        [core]\n\tBARE = no\n[http \"https://X.example\"] sslVerify = false\n";
    let plain = "[core]\n\tautocrlf = True\n[remote \"Origin\"]\n\turl = A\n[branch \"main\"]\nrebase\n\
        [CORE]\n\tbare = no\n[http \"https://X.example\"]\n sslverify = false\n";
    for name in [
        ".gitconfig",
        ".gitmodules",
        ".gitconfig-work",
        ".config/git/config",
        ".git/config",
        ".git/modules/a/config",
        "x.git/config",
        "etc/gitconfig",
    ] {
        let value = read(name, written);
        assert_eq!(value, read(name, plain), "{name}");
        assert_eq!(
            value,
            Ok(json!({
                "core": {"autocrlf": "True", "bare": "no"},
                "remote": {"Origin": {"url": "A"}},
                "branch": {"main": {"rebase": true}},
                "http": {"https://X.example": {"sslverify": "false"}},
            })),
            "{name}"
        );
    }
    assert_ne!(
        read(".gitconfig", "[remote \"a\"]\nurl = x\n"),
        read(".gitconfig", "[remote \"A\"]\nurl = x\n")
    );
    for name in ["x.ini", ".editorconfig", "ssh/config"] {
        let fields = json!({"Core": {"autoCRLF": "x"}});
        assert_eq!(read(name, "[Core]\nautoCRLF = x\n"), Ok(fields), "{name}");
    }
}

#[test]
fn key_with_the_name_of_a_subsection_keeps_its_place() {
    let text = "[remote]\n\tpushDefault = x\n[Remote \"pushdefault\"]\n\tURL = u\n";
    assert_eq!(
        read(".gitconfig", text),
        Ok(json!({
            "remote": {"pushdefault": "x"},
            "remote \"pushdefault\"": {"url": "u"},
        }))
    );
}

#[test]
fn units_of_systemd_have_lists_and_long_lines() {
    let text =
        "[Service]\nExecStartPre=/bin/a\nExecStartPre=/bin/b \\\n  --x\nEnvironment=\"A=1\"\n";
    assert_eq!(
        read("app.service", text),
        Ok(json!({"Service": {
            "ExecStartPre": ["/bin/a", "/bin/b --x"],
            "Environment": "\"A=1\"",
        }}))
    );
}

#[test]
fn errors_have_a_line() {
    for (text, error) in [
        ("[a]\n[b\n", "2: expected ] after the section name"),
        ("\n= 1\n", "2: expected a key before the value"),
        ("a = 1\n[a]\n", "2: \"a\" is both a key and a section"),
    ] {
        assert_eq!(read("x.ini", text), Err(error.to_owned()), "{text}");
    }
}

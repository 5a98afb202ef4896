use super::*;
use crate::json;

fn redacted(mut value: Json) -> Json {
    redact_secrets(&mut value);
    value
}

fn redacted_text(text: &str) -> String {
    let value = redacted(json!([text]));
    value[0].as_str().expect("a string").to_owned()
}

#[test]
fn keys_of_secrets_are_recognized() {
    for key in [
        "DB_PASSWORD",
        "DB_PASS",
        "pass",
        "PASSWD",
        "PASSWORT",
        "dbPasswort",
        "KEY_PASSPHRASE",
        "ENCRYPTION_KEY",
        "encryptionKey",
        "API_KEY",
        "apikeys",
        "SECRET_KEY_BASE",
        "aws_secret_access_key",
        "signing-key",
        "PRIVATE_KEY",
        "APP_KEY",
        "_auth",
        "_authToken",
        "//registry.npmjs.org/:_authToken",
        "//r.example/:_auth",
        "github_token2",
        "DB_PASSWORD_PROD",
        "POSTGRES_PASSWORD",
        "mysqlpwd",
        "authtoken",
        "clientSecret",
    ] {
        assert!(is_secret_key(key), "{key}");
    }
    for key in [
        "keyboard",
        "monkey",
        "primary_key",
        "public_key",
        "cache_key",
        "token_limit",
        "max_tokens",
        "max_token",
        "password_policy",
        "password_min_length",
        "secretName",
        "token_type",
        "POSTGRES_PASSWORD_FILE",
        "bypass",
        "compass",
        "author",
        "auth",
        "passes",
        "pass_through",
        "tokenizer",
        "secretary",
        "passenger",
    ] {
        assert!(!is_secret_key(key), "{key}");
    }
}

#[test]
fn numbers_are_hidden_only_if_the_key_ends_with_a_secret_word() {
    assert_eq!(
        redacted(
            json!({"password": 1234, "token_bucket": 10, "password_hint": "cat", "secret": true, "token": null})
        ),
        json!({"password": "(hidden)", "token_bucket": 10, "password_hint": "(hidden)", "secret": true, "token": null})
    );
    assert_eq!(
        redacted(json!({"TOKEN_BUCKET": "10", "USE_TOKEN": "true", "DB_PASS": "1234"})),
        json!({"TOKEN_BUCKET": "10", "USE_TOKEN": "true", "DB_PASS": "(hidden)"})
    );
}

#[test]
fn value_of_a_secret_name_is_hidden() {
    assert_eq!(
        redacted(json!([
            {"name": "DB_PASSWORD", "value": "hunter4"},
            {"name": "DB_HOST", "value": "db"},
            {"Key": "ApiKey", "Value": 7},
            {"name": "api_token", "description": "x", "default": "abc"},
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ])),
        json!([
            {"name": "DB_PASSWORD", "value": "(hidden)"},
            {"name": "DB_HOST", "value": "db"},
            {"Key": "ApiKey", "Value": "(hidden)"},
            {"name": "api_token", "description": "x", "default": "(hidden)"},
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ])
    );
}

#[test]
fn value_of_a_secret_option_is_hidden() {
    assert_eq!(
        redacted(json!([
            "run",
            "--token",
            "abc",
            "--token",
            "--verbose",
            "x",
            "--token-limit",
            "4096"
        ])),
        json!([
            "run",
            "--token",
            "(hidden)",
            "--token",
            "--verbose",
            "x",
            "--token-limit",
            "4096"
        ])
    );
}

#[test]
fn only_the_secret_in_a_text_is_hidden() {
    for (text, shown) in [
        ("POSTGRES_PASSWORD=hunter2", "POSTGRES_PASSWORD=(hidden)"),
        ("POSTGRES_PASSWORD=a b;c", "POSTGRES_PASSWORD=(hidden)"),
        ("--password=hunter2", "--password=(hidden)"),
        ("-Ddb.password=hunter2", "-Ddb.password=(hidden)"),
        (
            "serve --port 80 --token abc --verbose",
            "serve --port 80 --token (hidden) --verbose",
        ),
        (
            "curl 'https://x.example/?token=abc&page=2'",
            "curl 'https://x.example/?token=(hidden)&page=2'",
        ),
        (
            "docker run -e DB_PASS='a b' db",
            "docker run -e DB_PASS=(hidden) db",
        ),
        (
            "Server=db;User Id=sa;Password=my pass;Encrypt=true",
            "Server=db;User Id=sa;Password=(hidden);Encrypt=true",
        ),
        ("Password=x;Server=db", "Password=(hidden);Server=db"),
        (
            "host=db user=jo password=x dbname=w",
            "host=db user=jo password=(hidden) dbname=w",
        ),
        (
            "a.port=1\ndb.password = x\nb: 2\ntoken: y\n",
            "a.port=1\ndb.password = (hidden)\nb: 2\ntoken: (hidden)\n",
        ),
        ("postgres://jo:x@db/w", "postgres://jo:(hidden)@db/w"),
        ("redis://:p@ss@cache:6379", "redis://:(hidden)@cache:6379"),
        (
            "https://abc123@o1.ingest.sentry.io/42",
            "https://(hidden)@o1.ingest.sentry.io/42",
        ),
        (
            "https://0123456789abcdef@git.example/r",
            "https://(hidden)@git.example/r",
        ),
        (
            "curl -H 'Authorization: Bearer abc'",
            "curl -H 'Authorization: Bearer (hidden)'",
        ),
        (
            "Authorization: Basic am86eA==",
            "Authorization: Basic (hidden)",
        ),
        ("Bearer abc", "Bearer (hidden)"),
        ("X-Api-Key: abc", "X-Api-Key: (hidden)"),
        ("use ghp_0123456789abcdef here", "use (hidden) here"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n",
            "(hidden)\n",
        ),
    ] {
        assert_eq!(redacted_text(text), shown);
    }
    let header = redacted(json!({"Authorization": "Basic abcdefgh"}));
    assert_eq!(header, json!({"Authorization": "Basic (hidden)"}));
}

#[test]
fn tokens_of_known_services_are_hidden() {
    for (prefix, rest) in [
        ("gho_", "abcdef123456"),
        ("github_pat_", "11ABC_def456"),
        ("glpat-", "abc-DEF_123"),
        ("sk_live_", "abc123def"),
        ("sk_test_", "abc123def"),
        ("xoxb-", "123-abc-def"),
        ("AKIA", "IOSFODNN7EXAMPLE"),
        ("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    ] {
        assert_eq!(
            redacted_text(&format!("{prefix}{rest}")),
            "(hidden)",
            "{prefix}"
        );
    }
}

#[test]
fn ordinary_texts_stay_visible() {
    for text in [
        "keyboard",
        "https://db.example:8080/x",
        "ssh://git@github.com/a/b",
        "git@github.com:a/b.git",
        "sqlite:///x",
        "https://jo@bitbucket.org/a",
        "Basic authentication",
        "basic plan",
        "token==1.0",
        "secrets>=1.0",
        "PORT=8080",
        "MAX_TOKENS=4096",
        "--token-limit=4096",
        "postgres://jo@db/w",
        "primary_key: id",
        "password_policy: strict",
        "USE_TOKEN=true",
        "sk-learn",
        "task_live_abc",
    ] {
        assert_eq!(redacted_text(text), text);
    }
}

#[test]
fn redacted_values_are_not_counted_again() {
    let mut value = json!({
        "password": "x", "a": ["TOKEN=x", "Bearer x", "postgres://jo:x@db", "--token x y"], "Authorization": "Basic x"
    });
    assert_eq!(redact_secrets(&mut value), 6);
    let once = value.clone();
    assert_eq!(redact_secrets(&mut value), 0);
    assert_eq!(value, once);
}

#[test]
fn text_of_a_change_is_redacted_by_its_key_path() {
    let shown = |path: &str, text: &str| {
        let mut text = text.to_owned();
        redact_secret_text(path, &mut text);
        text
    };
    assert_eq!(shown("db.password", "1234"), "(hidden)");
    assert_eq!(shown("env[DB_PASSWORD].value", "x"), "(hidden)");
    assert_eq!(shown("llm.max_tokens", "4096"), "4096");
    assert_eq!(shown("server.port", "8080"), "8080");
    assert_eq!(
        shown("", r#"{"name":"TOKEN","value":"x"}"#),
        r#"{"name":"TOKEN","value":"(hidden)"}"#
    );
    assert_eq!(shown("environment[2]", "TOKEN=x"), "TOKEN=(hidden)");
}

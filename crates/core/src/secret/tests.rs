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

#[test]
fn everything_in_a_kubernetes_secret_is_hidden() {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, "type": "Opaque",
        "data": {"username": "YWRtaW4=", "nested": {"a": ["x"]}}, "stringData": {"host": "db", "port": 5432},
    });
    let hidden = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, "type": "Opaque",
        "data": {"username": "(hidden)", "nested": {"a": ["(hidden)"]}},
        "stringData": {"host": "(hidden)", "port": "(hidden)"},
    });
    assert_eq!(redacted(secret.clone()), hidden);
    let list = json!({"kind": "List", "items": [secret.clone(), {"kind": "ConfigMap", "data": {"host": "db"}}]});
    assert_eq!(
        redacted(list),
        json!({"kind": "List", "items": [hidden.clone(), {"kind": "ConfigMap", "data": {"host": "db"}}]})
    );
    // As `kubectl apply` stores it.
    let applied = json!({"annotations": {"last-applied-configuration": secret.to_string()}});
    assert_eq!(
        redacted(applied),
        json!({"annotations": {"last-applied-configuration": hidden.to_string()}})
    );
}

#[test]
fn texts_of_plural_keys_are_hidden() {
    assert_eq!(
        redacted(json!({
            "ACCESS_TOKENS": "a,b", "authTokens": ["x", "y"], "tokens": {"ci": "x", "limit": 7}, "max_tokens": 4096,
            "max_output_tokens": 100, "tokens_per_minute": 9, "MAX_TOKENS": "4096", "prompt_tokens": 12, "clientSecrets": ["x"]
        })),
        json!({
            "ACCESS_TOKENS": "(hidden)", "authTokens": ["(hidden)", "(hidden)"], "tokens": {"ci": "(hidden)", "limit": 7},
            "max_tokens": 4096, "max_output_tokens": 100, "tokens_per_minute": 9, "MAX_TOKENS": "4096", "prompt_tokens": 12,
            "clientSecrets": ["(hidden)"]
        })
    );
}

#[test]
fn names_of_packages_are_not_keys_of_secrets() {
    for harmless in [
        json!({"dependencies": {"js-tokens": "^4.0.0", "jsonwebtoken": "^9.0.0", "jwt": "2.7"}}),
        json!({"dev-dependencies": {"secret-service": {"version": "4", "features": ["rt"]}}}),
        json!({"packages": {"node_modules/js-tokens": {"version": "4.0.0", "integrity": "sha512-abc=="}}}),
    ] {
        assert_eq!(redacted(harmless.clone()), harmless);
    }
}

#[test]
fn secrets_under_neutral_keys_are_hidden() {
    for (text, shown) in [
        (
            "https://hooks.slack.com/services/T0AB/B0CD/abcdEFGH",
            "https://hooks.slack.com/services/(hidden)",
        ),
        (
            "https://discord.com/api/webhooks/123456/abc-DEF_g",
            "https://discord.com/api/webhooks/(hidden)",
        ),
        (
            "https://discordapp.com/api/v10/webhooks/123456/abc",
            "https://discordapp.com/api/v10/webhooks/(hidden)",
        ),
        (
            "https://acme.webhook.office.com/webhookb2/1-2@3-4/IncomingWebhook/5/6",
            "https://acme.webhook.office.com/webhookb2/(hidden)",
        ),
        (
            "https://acme.blob.core.windows.net/c/b?sv=2022&sig=aB%2Fc%3D&se=1",
            "https://acme.blob.core.windows.net/c/b?sv=2022&sig=(hidden)&se=1",
        ),
        (
            "https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=0a1b",
            "https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=(hidden)",
        ),
        (
            "https://f.azurewebsites.net/api/x?code=abcdefghij0123456789==",
            "https://f.azurewebsites.net/api/x?code=(hidden)",
        ),
        (
            "x-access-token:abc@github.com/a/b",
            "x-access-token:(hidden)@github.com/a/b",
        ),
        (
            "https://x-access-token:abc@github.com/a/b",
            "https://x-access-token:(hidden)@github.com/a/b",
        ),
        ("jo:pw@tcp(db:3306)/app", "jo:(hidden)@tcp(db:3306)/app"),
        (
            "curl -s -u jo:pw https://x.example",
            "curl -s -u jo:(hidden) https://x.example",
        ),
        (
            "curl --user 'jo:pw' https://x.example",
            "curl --user 'jo:(hidden)' https://x.example",
        ),
        (
            "mysql -h db -uroot -pPASS app",
            "mysql -h db -uroot -p(hidden) app",
        ),
        ("mysqldump -p'a' app > x", "mysqldump -p'(hidden)' app > x"),
        (
            "sshpass -p pw ssh jo@host",
            "sshpass -p (hidden) ssh jo@host",
        ),
        (
            "redis-cli -h cache -a pw ping",
            "redis-cli -h cache -a (hidden) ping",
        ),
        (
            "docker login -u jo -p pw registry.example",
            "docker login -u jo -p (hidden) registry.example",
        ),
        (
            "curl -H 'Cookie: sid=abc; a=b' x",
            "curl -H 'Cookie: (hidden)' x",
        ),
        (
            "docker run -e JWT=abc img",
            "docker run -e JWT=(hidden) img",
        ),
    ] {
        assert_eq!(redacted_text(text), shown);
        assert_eq!(redacted_text(shown), shown);
    }
    for (prefix, rest) in [
        ("hvs.", "CAESIJ0abcdefghijkl"),
        ("AGE-SECRET-KEY-1", "QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
        ("123456789:AA", "HdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
        ("ya29.", "a0AfH6SMBx0123456789abc"),
        ("dapi", "0123456789abcdef0123456789abcdef"),
    ] {
        assert_eq!(
            redacted_text(&format!("{prefix}{rest}")),
            "(hidden)",
            "{prefix}"
        );
    }
    assert_eq!(
        redacted(json!([
            ["curl", "-u", "jo:pw", "https://x"],
            ["mysql", "-uroot", "-pPASS"],
            ["sh", "-c", "mysql -pPASS"]
        ])),
        json!([
            ["curl", "-u", "jo:(hidden)", "https://x"],
            ["mysql", "-uroot", "-p(hidden)"],
            ["sh", "-c", "mysql -p(hidden)"]
        ])
    );
}

#[test]
fn values_of_ambiguous_keys_are_hidden_if_they_look_like_secrets() {
    for (key, secret) in [
        ("jwt", "s3cr3t-for-jwt"),
        ("JWT", "secretword"),
        ("otp", "493021"),
        ("Cookie", "sid=abc; theme=dark"),
        ("SESSION_KEY", "abc"),
        ("sessionKeys", "abc"),
        ("ssh_key", "b3BlbnNzaC1rZXk="),
        ("tls.key", "LS0tLS1CRUdJTg=="),
        ("client-key-data", "LS0tLS1CRUdJTg=="),
        ("id_rsa", "abc"),
        ("id_ed25519", "abc"),
        (".dockerconfigjson", "eyJhdXRocyI6e319"),
        ("hmac", "0a1b2c"),
        ("auth", "dXNlcjpwYXNz"),
        ("auth", "jo:pw"),
        ("NEO4J_AUTH", "neo4j/pw"),
        ("GITHUB_PAT", "0a1b2c3d4e5f"),
        ("RABBITMQ_ERLANG_COOKIE", "rabbit"),
    ] {
        assert_eq!(
            redacted(json!({key: secret})),
            json!({key: "(hidden)"}),
            "{key}"
        );
        assert_eq!(
            redacted(json!([{"name": key, "value": secret}])),
            json!([{"name": key, "value": "(hidden)"}]),
            "{key}"
        );
    }
    assert_eq!(redacted(json!({"otp": 493021})), json!({"otp": "(hidden)"}));
}

#[test]
fn harmless_values_of_ambiguous_keys_stay_visible() {
    for (key, value) in [
        ("auth", json!("basic")),
        ("auth", json!("OAuth2")),
        ("auth", json!("openid-connect")),
        ("auth", json!("./auth.js")),
        ("auth", json!("https://auth.example/login")),
        ("auth", json!("${AUTH}")),
        (
            "auth",
            json!({"type": "jwt", "url": "http://a:80", "enabled": true}),
        ),
        (
            "jwt",
            json!({"algorithm": "HS256", "expiresIn": "1h", "issuer": "acme"}),
        ),
        ("jwt", json!("~> 2.7")),
        ("otp", json!("26.2.1")),
        ("otp", json!([25, 26])),
        ("otp", json!({"digits": 6})),
        ("cookie", json!("strict")),
        ("cookie", json!({"secure": true, "name": "sid"})),
        ("hmac", json!("sha256")),
        ("hmac", json!("HMAC-SHA-512")),
        ("ssh_key", json!("~/.ssh/id_ed25519")),
        (
            "ssh_keys",
            json!(["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA jo@laptop"]),
        ),
        ("tls_key", json!("certs/server.key")),
        ("ssl_key", json!("/etc/ssl/private/server.key")),
        ("id_rsa.pub", json!("ssh-rsa AAAA")),
        ("sessionCookieName", json!("sid")),
        ("pat", json!("src/**/*.rs")),
        ("foreign_key", json!("user_id")),
        ("key", json!("abc")),
        ("author", json!("Jo <jo@x.example>")),
        ("oauth", json!("google:1")),
        ("image", json!("app:1.2@sha256:0a1b2c")),
        ("image", json!("curlimages/curl:8.5.0")),
        ("color", json!("#aabbcc")),
        ("integrity", json!("sha512-abc/def==")),
        ("checksum", json!("0123456789abcdef0123456789abcdef")),
        ("time", json!("12:30:45")),
        ("ports", json!(["8080:80", "127.0.0.1:5432:5432"])),
        ("alias", json!("npm:string-width@^4.2.0")),
        ("command", json!("docker run -u 1000:1000 -p 80:80 img")),
        (
            "command",
            json!(["docker", "run", "-u", "1000:1000", "curl"]),
        ),
        ("command", json!("mkdir -p /data && cp -p a b")),
        ("command", json!("mysql --port=3306 -P3306 app")),
        ("command", json!("curl -u \"$USER:$PASS\" https://x")),
        ("url", json!("https://x.example/?code=200&key=abc&page=2")),
        ("url", json!("https://discord.com/api/docs")),
        ("schema", json!("{\"type\": \"object\"}")),
    ] {
        assert_eq!(
            redacted(json!({key: value.clone()})),
            json!({key: value}),
            "{key}"
        );
    }
}

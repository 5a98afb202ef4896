use proptest::prelude::*;

use super::list::{Step, align};
use super::*;
use crate::json;

/// Returns the differences as lines: `+ a[x]  1`.
fn lines(old: &Json, new: &Json) -> Vec<String> {
    let format = |value: Option<Json>| value.map_or_else(String::new, |value| value.to_string());
    let lines = differences(old, new).into_iter().map(|difference| {
        let sign = match difference.change_type {
            ChangeType::Added => "+",
            ChangeType::Removed => "-",
            ChangeType::Modified => "~",
        };
        let (old, new) = (format(difference.old), format(difference.new));
        format!("{sign} {}  {old} -> {new}", difference.path)
    });
    lines.collect()
}

#[test]
fn different_paths_are_formatted_differently() {
    let format = |segments: &[PathSegment]| KeyPath(segments.to_vec()).to_string();
    let key = |key: &str| PathSegment::Key(key.to_owned());
    assert_eq!(
        format(&[key("a"), key("b.c"), PathSegment::Index(0)]),
        r#"a."b.c"[0]"#
    );
    assert_eq!(format(&[key(""), key("[0]")]), r#"""."[0]""#);
    assert_eq!(format(&[]), "");
}

#[test]
fn value_of_another_type_is_one_difference() {
    let differences_of_a = differences(&json!({"a": {"b": 1}}), &json!({"a": [1]}));
    assert_eq!(differences_of_a.len(), 1);
    assert_eq!(differences_of_a[0].change_type, ChangeType::Modified);
    assert_eq!(differences_of_a[0].old, Some(json!({"b": 1})));
    assert_eq!(
        differences(&json!({"a": {}}), &json!({}))[0].old,
        Some(json!({}))
    );
}

#[test]
fn added_and_removed_entries_are_one_difference() {
    let old =
        json!({"x.toml": {"a": {"b": {"c": 1, "password": "p"}, "d": 2}}, "y.toml": {"e": [1]}});
    let new =
        json!({"x.toml": {"a": {"d": 2}, "f": [1, {"g": 2}]}, "z.toml": {"h": {"i": 1, "j": 2}}});
    assert_eq!(
        lines(&old, &new),
        [
            r#"- "x.toml".a.b  {"c":1,"password":"p"} -> "#,
            r#"+ "x.toml".f   -> [1,{"g":2}]"#,
            r#"- "y.toml".e  [1] -> "#,
            r#"+ "z.toml".h   -> {"i":1,"j":2}"#,
        ]
    );
    let removed = &differences(&old, &new)[0];
    let redacted = removed.redacted_old.as_ref().map(Json::to_string);
    assert_eq!(
        redacted,
        Some(r#"{"c":1,"password":"(hidden)"}"#.to_owned())
    );
}

#[test]
fn entries_are_matched_by_name() {
    let old = json!([
        {"name": "anyhow", "version": "1.0"},
        {"name": "serde", "version": "1.0"},
        {"name": "zip", "version": "2.0"},
    ]);
    let new = json!([
        {"name": "adler", "version": "0.1"},
        {"name": "anyhow", "version": "1.0"},
        {"name": "serde", "version": "1.1"},
    ]);
    assert_eq!(
        lines(&old, &new),
        [
            r#"+ [adler]   -> {"name":"adler","version":"0.1"}"#,
            r#"~ [serde].version  "1.0" -> "1.1""#,
            r#"- [zip]  {"name":"zip","version":"2.0"} -> "#,
        ]
    );
}

#[test]
fn entries_of_one_name_are_told_apart_by_version() {
    let syn = |version: &str| json!({"name": "syn", "version": version, "checksum": "x"});
    let (one, two, three) = (syn("1.0.109"), syn("2.0.98"), syn("2.0.99"));
    assert_eq!(
        lines(
            &json!([one.clone(), two.clone()]),
            &json!([one.clone(), three.clone()])
        ),
        [r#"~ [syn 2.0.99].version  "2.0.98" -> "2.0.99""#]
    );
    assert_eq!(
        lines(&json!([two.clone()]), &json!([one.clone(), two.clone()])),
        [format!("+ [syn 1.0.109]   -> {one}")]
    );
    let added = differences(
        &json!([]),
        &json!([two.clone(), two.clone(), {"name": "syn"}]),
    );
    let paths: Vec<String> = added.iter().map(|d| d.path.to_string()).collect();
    assert_eq!(paths, ["[syn 2.0.98]", "[syn 2.0.98 #2]", "[syn]"]);
}

#[test]
fn entries_are_matched_by_id_and_key() {
    assert_eq!(
        lines(
            &json!([{"id": 7, "on": true}, {"key": "a b", "on": 1}, {"key": "8", "x": 0}]),
            &json!([{"key": "a b", "on": 2}, {"id": 7, "on": false}, {"key": "8", "x": 1}])
        ),
        [
            "~ [a b].on  1 -> 2",
            "~ [id=7].on  true -> false",
            r#"~ ["8"].x  0 -> 1"#,
            r#"~ (order)  ["id=7","a b"] -> ["a b","id=7"]"#,
        ]
    );
    // A new name for the same ID is not another entry.
    assert_eq!(
        lines(
            &json!([{"name": "a", "id": 1}]),
            &json!([{"name": "b", "id": 1}])
        ),
        [r#"~ [b].name  "a" -> "b""#]
    );
    let deployment =
        |n| json!({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": n}});
    let service = json!({"kind": "Service", "metadata": {"name": "web"}});
    assert_eq!(
        lines(&json!([deployment(1)]), &json!([service, deployment(2)])),
        [
            r#"+ [Service web]   -> {"kind":"Service","metadata":{"name":"web"}}"#,
            "~ [Deployment web].spec.replicas  1 -> 2",
        ]
    );
}

#[test]
fn entries_without_a_name_are_matched_by_content() {
    assert_eq!(
        lines(&json!(["a", "b", "c"]), &json!(["x", "a", "c", "d"])),
        [
            r#"+ [0]   -> "x""#,
            r#"- [1]  "b" -> "#,
            r#"+ [3]   -> "d""#
        ]
    );
    assert_eq!(
        lines(&json!(["zip 1.0"]), &json!(["tar 3.0", "zip 1.1"])),
        [
            r#"+ [0]   -> "tar 3.0""#,
            r#"~ [1]  "zip 1.0" -> "zip 1.1""#
        ]
    );
    let hook = |repo: &str, rev: i64| json!({"repo": repo, "rev": rev});
    assert_eq!(
        lines(
            &json!([hook("ruff", 1), hook("mypy", 4)]),
            &json!([hook("black", 9), hook("ruff", 2), hook("mypy", 4)])
        ),
        [
            r#"+ [0]   -> {"repo":"black","rev":9}"#,
            "~ [1].rev  1 -> 2"
        ]
    );
    assert_eq!(
        lines(&json!(["a", "b", "a"]), &json!(["b", "a"])),
        [r#"- [0]  "a" -> "#]
    );
    assert_eq!(
        lines(
            &json!(["error", {"max": 1}]),
            &json!(["warn", {"max": 2}, {"x": 0}])
        ),
        [
            r#"~ [0]  "error" -> "warn""#,
            "~ [1].max  1 -> 2",
            r#"+ [2]   -> {"x":0}"#,
        ]
    );
    assert_eq!(
        lines(&json!([["a", 1]]), &json!([["x", 2], ["a", 2]])),
        [r#"+ [0]   -> ["x",2]"#, "~ [1][1]  1 -> 2"]
    );
}

#[test]
fn name_of_a_text_precedes_its_separator() {
    assert_eq!(
        lines(
            &json!([
                "flask==2.0",
                "requests>=2.1",
                "uvicorn[standard]==0.2",
                "black",
                "zope.event==4"
            ]),
            &json!(["black==24.1", "django==4.0", "flask==3.0", "uvicorn==0.3"])
        ),
        [
            r#"~ [black]  "black" -> "black==24.1""#,
            r#"+ [django]   -> "django==4.0""#,
            r#"~ [flask]  "flask==2.0" -> "flask==3.0""#,
            r#"- [requests]  "requests>=2.1" -> "#,
            r#"~ [uvicorn]  "uvicorn[standard]==0.2" -> "uvicorn==0.3""#,
            r#"- ["zope.event"]  "zope.event==4" -> "#,
            r#"~ (order)  ["flask","uvicorn","black"] -> ["black","flask","uvicorn"]"#,
        ]
        .map(|line| line.replace(r#"["zope.event"]"#, "[zope.event]"))
    );
    for (old, new) in [
        ("HOST=db", "PORT=80"),
        ("left-pad@1.0.0", "right-pad@1.0.0"),
        ("@acme/a@^1.0", "@acme/b@^1.0"),
        ("actions/checkout@v4", "actions/cache@v4"),
        ("redis:7", "postgres:7"),
        ("org.acme:lib-a:1.0", "org.acme:lib-b:1.0"),
        ("--cov=src", "--max=src"),
        ("numpy ~= 1.0", "scipy ~= 1.0"),
        ("a @ https://x/a.whl", "b @ https://x/b.whl"),
        ("flask 1.0", "django 1.0"),
        ("src/a.rs", "src/b.rs"),
        ("https://a.example/x", "https://b.example/x"),
        ("jo@a.example", "al@a.example"),
    ] {
        let found = differences(&json!(["x y", old]), &json!(["x y", new]));
        let types: Vec<ChangeType> = found.iter().map(|d| d.change_type).collect();
        assert!(
            types.contains(&ChangeType::Removed) && types.contains(&ChangeType::Added),
            "{old}: {found:?}"
        );
    }
    for (old, new) in [
        ("HOST=db", "HOST="),
        ("left-pad@1.0.0", "left-pad@2.0.0"),
        ("@acme/a@^1.0", "@acme/a@^2.0"),
        ("actions/checkout@v4", "actions/checkout@0a1b2c"),
        ("redis:7", "redis:8"),
        (
            "registry.example:5000/redis:7",
            "registry.example:5000/redis:8-alpine",
        ),
        ("org.acme:lib:1.0", "org.acme:lib:1.1"),
        ("numpy ~= 1.0", "numpy>=2"),
        ("make test", "make lint"),
    ] {
        let found = differences(&json!(["x y", old]), &json!(["x y", new]));
        assert_eq!(found.len(), 1, "{old}: {found:?}");
        assert_eq!(found[0].change_type, ChangeType::Modified, "{old}");
    }
}

#[test]
fn entries_that_kept_their_version_are_the_same() {
    let a = |version: &str| json!({"name": "a", "version": version});
    assert_eq!(
        lines(&json!([a("1"), a("2")]), &json!([a("2"), a("3")])),
        [
            r#"- [a "1"]  {"name":"a","version":"1"} -> "#,
            r#"+ [a "3"]   -> {"name":"a","version":"3"}"#,
        ]
    );
    assert_eq!(
        lines(&json!([a("1.1"), a("1.2")]), &json!([a("1.2"), a("1.3")])),
        [
            r#"- [a 1.1]  {"name":"a","version":"1.1"} -> "#,
            r#"+ [a 1.3]   -> {"name":"a","version":"1.3"}"#,
        ]
    );
    assert_eq!(
        lines(&json!([a("2.0.98")]), &json!([a("3.0")])),
        [r#"~ [a].version  "2.0.98" -> "3.0""#]
    );
    assert_eq!(
        lines(
            &json!([a("0.3.1"), a("0.4.1")]),
            &json!([a("0.3.1"), a("0.4.2")])
        ),
        [r#"~ [a 0.4.2].version  "0.4.1" -> "0.4.2""#]
    );
}

#[test]
fn unrelated_entry_without_a_name_is_removed_and_added() {
    assert_eq!(
        lines(
            &json!([{"repo": "black", "rev": 9, "hooks": ["a"]}]),
            &json!([{"repo": "mypy", "rev": 4, "args": ["x"]}])
        ),
        [
            r#"+ [0]   -> {"args":["x"],"repo":"mypy","rev":4}"#,
            r#"- [0]  {"hooks":["a"],"repo":"black","rev":9} -> "#,
        ]
    );
    assert_eq!(
        lines(&json!(["src/**"]), &json!(["docs/**"])),
        [r#"+ [0]   -> "docs/**""#, r#"- [0]  "src/**" -> "#]
    );
    assert_eq!(
        lines(
            &json!([{"uses": "actions/checkout@v4", "with": {"depth": 0}}]),
            &json!([{"uses": "actions/checkout@v5", "with": {"depth": 0}}])
        ),
        [r#"~ [0].uses  "actions/checkout@v4" -> "actions/checkout@v5""#]
    );
}

#[test]
fn documents_of_a_yaml_file_are_matched() {
    let of = |kind: &str, n: i64| json!({"kind": kind, "metadata": {"name": "web"}, "n": n});
    let (one, two) = (of("Deployment", 1), of("Deployment", 2));
    let service = of("Service", 0);
    let file = |content: Json| json!({"a.yaml": content});
    assert_eq!(
        lines(
            &file(one.clone()),
            &file(json!([service.clone(), two.clone()]))
        ),
        [
            format!(r#"+ "a.yaml"[Service web]   -> {service}"#),
            r#"~ "a.yaml"[Deployment web].n  1 -> 2"#.to_owned(),
        ]
    );
    assert_eq!(
        lines(
            &file(json!([one.clone(), service.clone()])),
            &file(one.clone())
        ),
        [format!(r#"- "a.yaml"[Service web]  {service} -> "#)]
    );
    assert_eq!(
        lines(
            &file(json!({"x": 1, "y": 2})),
            &file(json!([{"x": 1, "y": 3}, {"z": 1}]))
        ),
        [
            r#"~ "a.yaml"[0].y  2 -> 3"#,
            r#"+ "a.yaml"[1]   -> {"z":1}"#
        ]
    );
}

#[test]
fn another_order_of_entries_with_one_name_is_shown() {
    let found = lines(
        &json!([{"name": "a", "x": 1}, {"name": "a", "x": 2}]),
        &json!([{"name": "a", "x": 2}, {"name": "a", "x": 1}]),
    );
    assert_eq!(found, [r#"~ (order)  ["a #2","a"] -> ["a","a #2"]"#]);
}

#[test]
fn another_order_is_one_difference() {
    assert_eq!(
        lines(
            &json!({"steps": [1, 2, 3, 4, 5]}),
            &json!({"steps": [1, 4, 2, 3, 5]})
        ),
        ["~ steps (order)  [2,3,4] -> [4,2,3]"]
    );
    let step = |name: &str| json!({"name": name});
    assert_eq!(
        lines(
            &json!([step("build"), step("test"), step("lint")]),
            &json!([step("test"), step("build"), step("ship")])
        ),
        [
            r#"+ [ship]   -> {"name":"ship"}"#,
            r#"- [lint]  {"name":"lint"} -> "#,
            r#"~ (order)  ["build","test"] -> ["test","build"]"#,
        ]
    );
    let many: Vec<Json> = (0..1000).map(Json::from).collect();
    let reversed: Vec<Json> = many.iter().rev().cloned().collect();
    let order = differences(&many.into(), &reversed.into()).remove(0);
    let order = order.new.expect("a list");
    assert_eq!(order[100], "... and 900 more");
}

#[test]
fn tag_belongs_to_its_value() {
    assert_eq!(
        lines(
            &json!({"a": {"!Ref": "x"}, "b": {"!Ref": "x"}, "c": "x", "d": {"!Sub": {"k": 1, "l": 2}}}),
            &json!({"a": {"!Ref": "y"}, "b": {"!Get": "x"}, "c": {"!Ref": "x"}, "d": {"!Sub": {"k": 1, "l": 3}}, "e": {"!Ref": "z"}})
        ),
        [
            r#"~ a  {"!Ref":"x"} -> {"!Ref":"y"}"#,
            r#"~ b  {"!Ref":"x"} -> {"!Get":"x"}"#,
            r#"~ c  "x" -> {"!Ref":"x"}"#,
            "~ d.l  2 -> 3",
            r#"+ e   -> {"!Ref":"z"}"#,
        ]
    );
}

/// Long lists with an added entry, without a common entry, and in reverse order.
#[test]
fn long_lists_are_compared() {
    // With fewer, not every kind of list has more equal pairs than are compared.
    let count = 2_500;
    let package = |n: i64| json!({"name": format!("p{n}"), "version": n});
    let unnamed = |n: i64| json!({"a": n % 7, "b": n});
    for entry in [
        &package as &dyn Fn(i64) -> Json,
        &unnamed,
        &|n| Json::from(n),
        &|n| Json::from(n % 3),
        &|n| json!({"name": "same", "b": n}),
    ] {
        let old: Vec<Json> = (0..count).map(entry).collect();
        let mut new = old.clone();
        new.insert(count as usize / 2, entry(-5));
        assert_eq!(differences(&old.clone().into(), &new.into()).len(), 1);
        let other: Vec<Json> = (0..count).map(|n| entry(n * 2 + 1)).collect();
        assert!(!differences(&old.clone().into(), &other.into()).is_empty());
        let reversed: Vec<Json> = old.iter().rev().cloned().collect();
        assert!(!differences(&old.into(), &reversed.into()).is_empty());
    }
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (0..3).prop_map(Json::from),
        "[ab.]{0,2}".prop_map(Json::from),
    ];
    let key = prop_oneof![
        Just("name".to_owned()),
        Just("id".to_owned()),
        Just("version".to_owned()),
        "[ab.!]{0,2}"
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::btree_map(key.clone(), inner, 0..3)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn entry(kind: i32, number: i32) -> Json {
    match kind {
        0 => number.into(),
        1 => json!({"name": format!("n{number}"), "value": number % 2}),
        _ => json!({"a": number, "b": {"c": number}}),
    }
}

proptest! {
    #[test]
    fn equal_values_have_no_differences(old in value(), new in value()) {
        let found = differences(&old, &new);
        prop_assert_eq!(found.is_empty(), old == new);
        let mut paths: Vec<String> = found.iter().map(|d| format!("{} {}", d.path, d.change_type)).collect();
        paths.sort();
        paths.dedup();
        prop_assert_eq!(paths.len(), found.len(), "each path is reported once: {:?}", found);
        for difference in found {
            prop_assert_eq!(difference.old.is_none(), difference.change_type == ChangeType::Added);
            prop_assert_eq!(difference.new.is_none(), difference.change_type == ChangeType::Removed);
            prop_assert_ne!(difference.old, difference.new);
        }
    }

    #[test]
    fn every_entry_is_matched_added_or_removed(
        old in proptest::collection::vec(value(), 0..8),
        new in proptest::collection::vec(value(), 0..8),
    ) {
        let (mut olds, mut news) = (Vec::new(), Vec::new());
        for step in align(&old, &new).steps {
            match step {
                Step::Kept(old, new) => {
                    olds.push(old);
                    news.push(new);
                }
                Step::Removed(old) => olds.push(old),
                Step::Added(new) => news.push(new),
            }
        }
        prop_assert!(news.is_sorted());
        olds.sort_unstable();
        prop_assert_eq!(olds, (0..old.len()).collect::<Vec<_>>());
        prop_assert_eq!(news, (0..new.len()).collect::<Vec<_>>());
    }

    #[test]
    fn one_edit_of_a_list_is_one_difference(
        numbers in proptest::collection::hash_set(0..50, 3..12),
        kind in 0..3,
        at in any::<proptest::sample::Index>(),
        to in any::<proptest::sample::Index>(),
    ) {
        let list: Vec<Json> = numbers.into_iter().map(|number| entry(kind, number)).collect();
        let at = at.index(list.len());
        let mut with_one = list.clone();
        with_one.insert(at, entry(kind, 77));
        let (list, with_one) = (Json::from(list), Json::from(with_one));
        let added = differences(&list, &with_one);
        prop_assert_eq!(added.len(), 1);
        prop_assert_eq!(added[0].change_type, ChangeType::Added);
        let removed = differences(&with_one, &list);
        prop_assert_eq!(removed.len(), 1);
        prop_assert_eq!(removed[0].change_type, ChangeType::Removed);
        let mut moved = list.as_array().expect("a list").clone();
        let to = to.index(moved.len());
        let one = moved.remove(at);
        moved.insert(to, one);
        let found = differences(&list, &moved.into());
        prop_assert_eq!(found.len(), usize::from(at != to), "{:?}", found);
        if let Some(order) = found.first() {
            prop_assert_eq!(order.path.0.last(), Some(&PathSegment::Order));
        }
    }
}

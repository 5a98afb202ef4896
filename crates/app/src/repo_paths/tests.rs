use super::*;

/// A workspace with the repos `core` and `web`.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    for folder in ["ws/core/conf", "ws/web", "core/.git", "core/sub"] {
        std::fs::create_dir_all(root.path().join(folder)).expect("a folder");
    }
    for file in ["ws/core/conf/a.toml", "ws/x.toml", "core/sub/b.toml"] {
        std::fs::write(root.path().join(file), "").expect("a file");
    }
    root
}

fn paths(root: &tempfile::TempDir, current: &str) -> RepoPaths {
    let location = Location::in_folder(&root.path().join("ws"));
    RepoPaths::new(&location, &root.path().join(current))
}

#[test]
fn file_of_a_repo_has_one_path() {
    let root = workspace();
    let absolute = root.path().join("ws/core/conf/a.toml");
    for (current, path) in [
        ("ws", "core/conf/a.toml"),
        ("ws", "./core//conf/../conf/a.toml"),
        ("ws", "web/../core/conf/a.toml"),
        ("ws/core", "conf/a.toml"),
        ("ws/core/conf", "a.toml"),
        ("ws/web", "../core/conf/a.toml"),
        ("core", "../ws/core/conf/a.toml"),
        ("ws", absolute.to_str().expect("UTF-8")),
    ] {
        let stored = paths(&root, current)
            .of_file("core", Path::new(path))
            .expect("UTF-8");
        assert_eq!(stored, "conf/a.toml", "{path} in {current}");
    }
}

#[test]
fn file_outside_of_the_repo_is_relative_to_the_repo_or_absolute() {
    let root = workspace();
    let paths = paths(&root, "ws/core");
    assert_eq!(
        paths
            .of_file("core", Path::new("../x.toml"))
            .expect("UTF-8"),
        "../x.toml"
    );
    assert_eq!(
        paths
            .of_file("web", Path::new("conf/a.toml"))
            .expect("UTF-8"),
        "../core/conf/a.toml"
    );
    assert_eq!(paths.of_name("core", "../x.toml"), "../x.toml");
    // A repo without a folder.
    let path = paths.of_file("gone", Path::new("../x.toml"));
    assert_eq!(path.as_deref(), Some("x.toml"));
    let outside = root.path().canonicalize().expect("a folder").join("y.toml");
    let path = paths
        .of_file("core", Path::new("../../y.toml"))
        .expect("UTF-8");
    assert_eq!(path, outside.to_str().expect("UTF-8"));
    // A clone elsewhere, and a repo that is not in the workspace.
    assert_eq!(
        paths
            .of_file("core", Path::new("../../core/sub/b.toml"))
            .expect("UTF-8"),
        "sub/b.toml"
    );
}

#[test]
fn name_need_not_exist() {
    let root = workspace();
    let paths = paths(&root, "ws/core/conf");
    assert_eq!(paths.of_name("core", "a.toml"), "conf/a.toml");
    assert_eq!(paths.of_name("core", "./src/gone.py"), "src/gone.py");
    let gone = root.path().join("ws/core/old/../src/gone.py");
    assert_eq!(
        paths.of_name("core", gone.to_str().expect("UTF-8")),
        "src/gone.py"
    );
    assert_eq!(paths.of_name("core", "../src/gone.py"), "src/gone.py");
    assert_eq!(paths.of_name("core", "/else/../where.py"), "/where.py");
    assert_eq!(paths.in_repo("core", &root.path().join("ws/core")), None);
    assert_eq!(
        paths.in_repo("core", &root.path().join("ws/core-2/a.py")),
        None
    );
}

#[test]
fn missing_file_has_one_path_however_it_is_typed() {
    let root = workspace();
    for folder in ["ws/libs/util/.git", "ws/core/docs/core"] {
        std::fs::create_dir_all(root.path().join(folder)).expect("a folder");
    }
    for (current, repo, path) in [
        ("ws", "core", "core/src/g.py"),
        ("ws", "core", "./core//src/./g.py"),
        ("ws", "core", "web/../core/src/g.py"),
        ("ws", "core", "src/g.py"),
        ("ws/core", "core", "./src/g.py"),
        ("ws/core", "core", "core/src/g.py"),
        ("ws/core/conf", "core", "../src/g.py"),
        ("ws/web", "core", "core/src/g.py"),
        ("ws/web", "core", "../core/src/g.py"),
        ("ws", "util", "libs/util/src/g.py"),
        ("ws", "util", "util/src/g.py"),
        ("ws/libs", "util", "util/src/g.py"),
        ("ws/web", "util", "libs/util/src/g.py"),
    ] {
        let stored = paths(&root, current).of_name(repo, path);
        assert_eq!(stored, "src/g.py", "{path} in {current}");
    }
    // A folder of the repo with its name.
    std::fs::create_dir_all(root.path().join("ws/core/core")).expect("a folder");
    for (current, path) in [("ws/core", "core/g.py"), ("ws", "core/core/g.py")] {
        let stored = paths(&root, current).of_name("core", path);
        assert_eq!(stored, "core/g.py", "{path} in {current}");
    }
}

#[test]
fn mentioned_file_is_relative_to_the_only_repo_or_to_the_workspace() {
    let root = workspace();
    std::fs::create_dir_all(root.path().join("ws/core/.git")).expect("a folder");
    let core = ["core".to_owned()];
    let two = ["core".to_owned(), "web".to_owned()];
    for (current, repos, path, expected) in [
        ("ws", &core[..], "./core/conf/a.toml", "conf/a.toml"),
        ("ws/core/conf", &core, "a.toml", "conf/a.toml"),
        ("ws/core/conf", &two, "a.toml", "core/conf/a.toml"),
        ("ws/core/conf", &[], "../src/g.py", "core/src/g.py"),
        ("ws/core/conf", &[], "src/g.py", "core/src/g.py"),
        ("ws/core/conf", &[], "core/src/g.py", "core/src/g.py"),
        ("ws", &[], "src//g.py", "src/g.py"),
        ("ws", &core, "x.toml", "x.toml"),
        ("ws/core", &core, "https://x.test/a", "https://x.test/a"),
        ("ws/core", &core, "doi:10.1/../a", "doi:10.1/../a"),
        ("ws/core", &core, "See the wiki", "See the wiki"),
        ("ws/core", &core, "../web/gone.py", "web/gone.py"),
        ("ws/core", &core, "../core/gone.py", "gone.py"),
    ] {
        let stored = paths(&root, current).of_mention(repos, path);
        assert_eq!(stored, expected, "{path} in {current}");
    }
}

#[test]
fn path_of_a_deleted_file_may_begin_with_the_folder_of_the_repo() {
    let root = workspace();
    for (current, path) in [
        ("ws", "core/src/gone.py"),
        ("ws/web", "../core/src/gone.py"),
    ] {
        let stored = paths(&root, current).of_name("core", path);
        assert_eq!(stored, "src/gone.py", "{path} in {current}");
    }
}

#[cfg(unix)]
#[test]
fn symbolic_links_lead_to_the_same_path() {
    use std::os::unix::fs::symlink;
    let root = workspace();
    let link = |to: &str, from: &str| {
        symlink(root.path().join(to), root.path().join(from)).expect("a link")
    };
    link("ws", "linked-ws");
    link("ws/core", "c");
    link("ws/core/conf", "ws/core/settings");
    link("ws/core/conf/a.toml", "a-link.toml");
    link("core/sub", "ws/core/shared");
    let paths = paths(&root, "ws");
    for (path, stored) in [
        ("linked-ws/core/conf/a.toml", "conf/a.toml"),
        ("c/conf/a.toml", "conf/a.toml"),
        ("ws/core/settings/a.toml", "conf/a.toml"),
        ("a-link.toml", "conf/a.toml"),
        ("ws/core/shared/b.toml", "shared/b.toml"),
        ("c/gone.toml", "gone.toml"),
    ] {
        assert_eq!(
            paths
                .of_file("core", &root.path().join(path))
                .expect("UTF-8"),
            stored,
            "{path}"
        );
    }
    let location = Location::in_folder(&root.path().join("linked-ws"));
    let paths = RepoPaths::new(&location, &root.path().join("ws/core"));
    assert_eq!(
        paths
            .of_file("core", Path::new("conf/a.toml"))
            .expect("UTF-8"),
        "conf/a.toml"
    );
}

//! Lists of tasks: every field of the filter, every order, parts of the list.

use wsdb_core::{Page, Priority, Task, TaskFilter, TaskSort, TaskStatus};

use crate::fixtures::{self, id};
use crate::{Case, at};

async fn ids(case: &Case, filter: TaskFilter) -> Vec<String> {
    let list = case.store.tasks().list(&filter).await.unwrap();
    let whole = TaskFilter {
        page: Page::default(),
        ..filter.clone()
    };
    let all = case.store.tasks().list(&whole).await.unwrap();
    let count = case.store.tasks().count(&filter).await.unwrap();
    assert_eq!(count, all.len() as u64, "the count is that of all pages");
    list.into_iter().map(|task| task.id.to_string()).collect()
}

/// Five tasks that differ in everything that is filtered on.
async fn five(case: &Case) {
    let new = |name: &str, title: &str, day: u32| {
        let mut task = fixtures::task(name, false);
        task.title = title.into();
        task.status = TaskStatus::Pending;
        task.created = at("2025-01-01");
        task.updated = at(&format!("2025-02-{day:02}T10:00:00.5"));
        task
    };
    let tasks = [
        Task {
            status: TaskStatus::Backlog,
            priority: Some(Priority::Low),
            ..new("A-1", "b", 5)
        },
        Task {
            assigned_to: Some("mira".into()),
            repos_affected: vec!["core".into(), "web".into()],
            ..new("A-2", "a", 4)
        },
        Task {
            priority: Some(Priority::Critical),
            session_created: Some(id("S-1")),
            repos_affected: vec!["web".into()],
            ..new("A-3", "B", 3)
        },
        Task {
            status: TaskStatus::Cancelled,
            dependencies: vec![id("A-1"), id("A-404")],
            created: at("2024-12-31T23:59:59.999999"),
            ..new("A-4", "b", 2)
        },
        Task {
            assigned_to: Some("jo".into()),
            dependencies: vec![id("A-1")],
            created: at("2025-01-01T00:00:00.000001"),
            ..new("a-5", "c", 1)
        },
    ];
    for task in tasks {
        case.store.tasks().insert(task).await.unwrap();
    }
}

pub(crate) async fn tasks_by_every_field(case: &Case) {
    five(case).await;
    let any = TaskFilter::default;
    for (filter, expected) in [
        (any(), "A-4 A-1 A-2 A-3 a-5"),
        (
            TaskFilter {
                ids: vec![id("A-3"), id("A-1"), id("none")],
                ..any()
            },
            "A-1 A-3",
        ),
        (
            TaskFilter {
                status: vec![TaskStatus::Pending],
                ..any()
            },
            "A-2 A-3 a-5",
        ),
        (
            TaskFilter {
                status: vec![TaskStatus::Backlog, TaskStatus::Cancelled],
                ..any()
            },
            "A-4 A-1",
        ),
        (
            TaskFilter {
                priority: vec![Priority::Low, Priority::Critical],
                ..any()
            },
            "A-1 A-3",
        ),
        (
            TaskFilter {
                priority: vec![Priority::High],
                ..any()
            },
            "",
        ),
        (
            TaskFilter {
                repo: vec!["web".into()],
                ..any()
            },
            "A-2 A-3",
        ),
        (
            TaskFilter {
                repo: vec!["core".into(), "web".into()],
                ..any()
            },
            "A-2 A-3",
        ),
        (
            TaskFilter {
                repo: vec!["we".into()],
                ..any()
            },
            "",
        ),
        (
            TaskFilter {
                assigned_to: vec!["mira".into(), "jo".into()],
                ..any()
            },
            "A-2 a-5",
        ),
        (
            TaskFilter {
                not_assigned_to: Some("mira".into()),
                ..any()
            },
            "A-4 A-1 A-3 a-5",
        ),
        (
            TaskFilter {
                session: vec![id("S-1"), id("S-2")],
                ..any()
            },
            "A-3",
        ),
        (
            TaskFilter {
                depends_on: Some(id("A-1")),
                ..any()
            },
            "A-4 a-5",
        ),
        (
            TaskFilter {
                depends_on: Some(id("A-404")),
                ..any()
            },
            "A-4",
        ),
        (
            TaskFilter {
                since: Some(at("2025-02-04T10:00:00.5")),
                ..any()
            },
            "A-1 A-2",
        ),
        (
            TaskFilter {
                since: Some(at("2025-02-04T10:00:00.500001")),
                ..any()
            },
            "A-1",
        ),
        (
            TaskFilter {
                text: vec!["A-3".into()],
                ..any()
            },
            "A-3",
        ),
        (
            TaskFilter {
                status: vec![TaskStatus::Pending],
                repo: vec!["web".into()],
                assigned_to: vec!["mira".into()],
                ..any()
            },
            "A-2",
        ),
    ] {
        let shown = format!("{filter:?}");
        assert_eq!(ids(case, filter).await.join(" "), expected, "{shown}");
    }
}

pub(crate) async fn tasks_in_every_order(case: &Case) {
    five(case).await;
    // Ties are broken by id; text is ordered by its characters on every database.
    for (sort, expected) in [
        (TaskSort::Created, "A-4 A-1 A-2 A-3 a-5"),
        (TaskSort::Updated, "a-5 A-4 A-3 A-2 A-1"),
        (TaskSort::Priority, "A-3 A-1 A-2 A-4 a-5"),
        (TaskSort::Status, "A-2 A-3 a-5 A-1 A-4"),
        (TaskSort::Title, "A-3 A-2 A-1 A-4 a-5"),
        (TaskSort::Id, "A-1 A-2 A-3 A-4 a-5"),
    ] {
        let filter = TaskFilter {
            sort,
            ..TaskFilter::default()
        };
        let mut found = ids(case, filter.clone()).await;
        assert_eq!(found.join(" "), expected, "{sort:?}");
        found.reverse();
        assert_eq!(
            ids(
                case,
                TaskFilter {
                    reverse: true,
                    ..filter
                }
            )
            .await,
            found,
            "{sort:?}"
        );
    }
}

pub(crate) async fn words_in_any_case(case: &Case) {
    let mut task = fixtures::task("W-1", false);
    task.title = "Move the PRICING 100% of_it C:\\core".into();
    task.description = Some("Ärger mit der Übergröße".into());
    task.notes = Some("ÉTÉ à Łódź, ЗАДАЧА".into());
    case.store.tasks().insert(task).await.unwrap();
    case.store
        .tasks()
        .insert(fixtures::task("other", false))
        .await
        .unwrap();
    for (words, found) in [
        ("pricing", true),
        ("w-1 pricing move", true),
        ("pricing absent", false),
        ("100%", true),
        ("1%0", false),
        ("of_it", true),
        ("of?it", false),
        ("p_icing", false),
        ("c:\\CORE", true),
        ("\\", true),
        ("%", true),
        ("''", false),
        ("Ärger", true),
        ("ärger", true),
        ("ÄRGER", true),
        ("Übergröße", true),
        ("übergröße", true),
        ("été", true),
        ("ÉTÉ", true),
        ("łódź", true),
        ("ŁÓDŹ", true),
        ("задача", true),
        ("задачи", false),
    ] {
        let text = words.split(' ').map(str::to_owned).collect();
        let filter = TaskFilter {
            text,
            ..TaskFilter::default()
        };
        let expected = if found { vec!["W-1"] } else { Vec::new() };
        assert_eq!(ids(case, filter).await, expected, "{words}");
    }
    let long = TaskFilter {
        text: vec!["x".repeat(10_000)],
        ..TaskFilter::default()
    };
    assert_eq!(ids(case, long).await, Vec::<String>::new());
}

pub(crate) async fn pages(case: &Case) {
    for number in 0..10 {
        let task = fixtures::task(&format!("P-{number}"), false);
        case.store.tasks().insert(task).await.unwrap();
    }
    for (limit, offset, expected) in [
        (None, 0, 0..10),
        (None, 7, 7..10),
        (Some(3), 0, 0..3),
        (Some(3), 8, 8..10),
        (Some(0), 0, 0..0),
        (Some(0), 5, 0..0),
        (Some(3), 10, 0..0),
        (None, 10, 0..0),
        (Some(u64::MAX), 0, 0..10),
        (Some(u64::MAX), 4, 4..10),
        (Some(3), u64::MAX, 0..0),
        (None, u64::MAX, 0..0),
    ] {
        let page = Page { limit, offset };
        let filter = TaskFilter {
            sort: TaskSort::Id,
            page,
            ..TaskFilter::default()
        };
        let expected: Vec<String> = expected.map(|number| format!("P-{number}")).collect();
        assert_eq!(ids(case, filter).await, expected, "{page:?}");
    }
    let first = TaskFilter {
        page: Page::first(2),
        reverse: true,
        ..TaskFilter::default()
    };
    assert_eq!(ids(case, first).await, ["P-9", "P-8"]);
    let ids = case.store.tasks().search_ids("p-", u64::MAX).await.unwrap();
    assert_eq!(ids.len(), 10);
}

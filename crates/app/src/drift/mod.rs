//! Drift: scans, detections and the tasks that fix it.

mod edit;
mod queries;
mod report;
mod scan;
mod task;

pub use edit::{StatusUpdate, add_detection, set_detection_status};
pub use queries::drift_trend;
pub use report::{ScanOverrides, ScanReport, read_scan_report};
pub use scan::record_scan;
pub use task::{TaskDraft, task_for_detections};

/// The version of this release; the Python package and the archives have the same one.
public let fewshotVersion = "0.2.0"

/// The version of the numbers and formats that this project writes, as files record it.
///
/// It changes when the same inputs and settings give other bytes, so that a release without such a change reuses the
/// feature files and runs of the one before.
public let numbersVersion = "0.1.0"

package import Core

extension Fault {
    /// An image of a kind that its format has and that is not decoded here.
    static func unsupportedImage(_ path: String, found: String, expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: conversion)
    }

    /// Whether an image was refused for its kind: another program may well read it, so it is not damaged.
    package var isUnsupportedImage: Bool { status == .badData && remedy == Self.conversion }

    private static let conversion: Remedy = "convert it to PNG"
}

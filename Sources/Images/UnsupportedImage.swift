package import Core

extension Fault {
    /// Returns the error for a valid image of a kind that is not decoded here.
    static func unsupportedImage(_ path: String, found: String, expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: conversion)
    }

    /// Whether an image was rejected for its kind: it is not damaged, and another program may read it.
    package var isUnsupportedImage: Bool { status == .badData && remedy == Self.conversion }

    private static let conversion: Remedy = "convert it to PNG"

    /// Returns the error for a damaged image.
    static func damagedImage(_ path: String, found: String, expected: String = "a complete image") -> Fault {
        .badData(path, found: found, expected: expected, remedy: "copy or download it again")
    }
}

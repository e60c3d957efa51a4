// swift-tools-version: 6.2
import PackageDescription

/// The package above as SwiftPM calls it, after its folder.
let root = String(
    (Context.packageDirectory.split(separator: "/").dropLast().last ?? "fewshot").lowercased().map {
        $0.isLetter || $0.isNumber ? $0 : "_"
    })

let modules = [
    "Core", "Archives", "TensorFiles", "Kernels", "Images", "Catalog", "Splits", "SplitImport", "CLIP",
    "FeatureStore", "FeatureImport", "Extraction", "Adapter", "Studies", "Scheduling", "Reporting",
]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "fewshot", path: "..")],
    targets: [
        .executableTarget(
            name: "fewshot-fuzz",
            dependencies: modules.map { .product(name: $0, package: "fewshot") },
            packageAccess: false,
            swiftSettings: [
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                // Parsers that only siblings see are reached as a sibling.
                .unsafeFlags(["-package-name", root]),
            ],
            // libFuzzer is C++.
            linkerSettings: [.linkedLibrary("stdc++")])
    ]
)

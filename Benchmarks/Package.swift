// swift-tools-version: 6.2
import PackageDescription

/// The package above as SwiftPM calls it, after its folder.
let root = String(
    (Context.packageDirectory.split(separator: "/").dropLast().last ?? "fewshot").lowercased().map {
        $0.isLetter || $0.isNumber ? $0 : "_"
    })

let modules = [
    "Adapter", "Catalog", "CLIP", "Core", "FeatureStore", "Images", "Kernels", "SplitImport", "Splits", "TensorFiles",
]

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "fewshot", path: "..")],
    targets: [
        .executableTarget(
            name: "fewshot-bench",
            dependencies: modules.map { .product(name: $0, package: "fewshot") },
            path: "fewshot-bench",
            packageAccess: false,
            swiftSettings: [
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                // Kernels that only siblings see are measured as a sibling.
                .unsafeFlags(["-package-name", root]),
            ])
    ]
)

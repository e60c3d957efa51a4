// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "fewshot-benchmarks",
    dependencies: [
        .package(name: "fewshot", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "fewshot-bench",
            dependencies: [
                .product(name: "Artifacts", package: "fewshot"),
                .product(name: "FeatureStore", package: "fewshot"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
    ]
)

# The machine's own instructions by default: half-precision conversion is 16 times slower without them.
# A portable build names a level instead: make build FEWSHOT_CPU=x86-64-v3
FEWSHOT_CPU ?= native
SWIFT_FLAGS := -c release -Xcc -march=$(FEWSHOT_CPU)
PACKAGE_FLAGS := --scratch-path .build/packages --disable-build-manifest-caching $(SWIFT_FLAGS)
# Tests import nothing with @testable; saying so lets them share the modules that `build` made.
TEST_FLAGS := $(SWIFT_FLAGS) --disable-testable-imports
SWIFT_SOURCES := Package.swift Sources Tests Snippets Benchmarks/Package.swift Benchmarks/fewshot-bench \
    Fuzz/Package.swift Fuzz/Sources
# How long `make fuzz` takes over each parser.
SECONDS_EACH ?= 60
export FEWSHOT_CPU

# How long `make torture` goes on, in minutes.
MINUTES ?= 30

# Where `make install` puts the tools, completions and manual pages.
PREFIX ?= /usr/local

.PHONY: help setup build install dist demo test torture bench fuzz packages check-all format lint clean

help:
	@echo "make demo     set up, build, and go from drawn images to tables and a report of all methods"
	@echo "make test     set up, then all tests"
	@echo "make build    set up, then the tools in .build/release"
	@echo "make install  the tools, completions for bash, zsh and fish, and manual pages, below PREFIX=$(PREFIX)"
	@echo "make dist     a tarball and a wheel in dist that run on any x86-64 Linux, without Swift"
	@echo "make torture  disturb the tools at random for MINUTES=30, and compare every byte with undisturbed work"
	@echo "make bench    our speed beside PyTorch's, h5py's and numpy's; 'make bench WRITE=1' keeps it in BENCHMARKS.md"
	@echo "make fuzz     every parser against hostile bytes, a minute each; SECONDS_EACH=600 for longer,"
	@echo "              TARGETS='npy png' for some"
	@echo "make packages compile the fuzzing targets and the benchmarks, as CI does"
	@echo "make check-all the checks that CI leaves out: they take long or download much"
	@echo "make format   lay out every Swift and Python file"
	@echo "make lint     complain where 'make format' would change a Swift file; scripts/check-scripts does for Python"
	@echo "make clean    remove what was built and what the demo made"
	@echo "FEWSHOT_CPU=$(FEWSHOT_CPU) is the machine that the build is for; x86-64-v3 or the like makes it portable"

setup:
	@scripts/setup

build: setup
	swift build $(SWIFT_FLAGS)

install: build
	@scripts/install "$(PREFIX)"

dist:
	@scripts/setup --dist
	@scripts/make-dist

demo: build
	@scripts/demo

test: setup
	swift test $(TEST_FLAGS)

torture: build
	@scripts/torture --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

bench: build
	@scripts/bench $(if $(WRITE),--write)

fuzz: setup
	@scripts/fuzz --seconds $(SECONDS_EACH) $(TARGETS)

format:
	swift format --in-place --recursive $(SWIFT_SOURCES)
	scripts/check-scripts --write

# The fuzzing targets are linked by `make fuzz` only. Both packages share what they build of the libraries; SwiftPM would
# take the plan of one for the other's if it kept plans.
packages: setup
	swift build --package-path Fuzz $(PACKAGE_FLAGS) --target fewshot-fuzz
	swift build --package-path Benchmarks $(PACKAGE_FLAGS)

# The checks that CI leaves out, because they take long or download much.
check-all: build packages
	scripts/check-linear-probe
	scripts/check-export
	scripts/check-tokenizer
	scripts/check-images
	scripts/check-encoders
	scripts/check-weights
	scripts/check-ray

lint:
	swift format lint --strict --recursive $(SWIFT_SOURCES)

clean:
	rm -rf .build demo-output Benchmarks/.venv Benchmarks/data

# `make` lists the targets. Every target needs Rust; demo, test and bench also need terraform or
# tofu, and fetch a pinned Terraform where neither is installed and Python is there.

HOST := $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')

# Terraform often runs in containers without a C library that fits, so on Linux the programs are
# linked statically, where the static C library is there (glibc-static on Fedora and Red Hat). An
# explicit target keeps procedural macros, which cannot be, out of it.
ifneq (,$(and $(findstring linux-gnu,$(HOST)),$(findstring /,$(shell cc -print-file-name=libc.a 2>/dev/null))))
STATIC := '-Ctarget-feature=+crt-static',
endif

# The folders of this machine are in no program: the same source gives the same bytes in any folder.
SYSROOT := $(shell rustc --print sysroot 2>/dev/null)
COMMIT := $(shell rustc -vV 2>/dev/null | sed -n 's/^commit-hash: //p')
SOURCES := $(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src
FLAGS = target.$(1).rustflags=[$(2)'--remap-path-prefix=$(SOURCES)=/cargo','--remap-path-prefix=$(CURDIR)=/provider','--remap-path-prefix=$(SYSROOT)/lib/rustlib/src/rust=/rustc/$(COMMIT)']

RELEASE := target/release
DIST := target/dist
# What is released: for this machine, or another target of Rust's that is installed, such as
# x86_64-unknown-linux-musl.
TARGET ?= $(HOST)
# Runs a command with TF_BIN naming the program to test with.
WITH_TERRAFORM := scripts/with-terraform.sh
SECONDS ?= 60
ROUNDS ?= 10
SEED ?=

.DEFAULT_GOAL := help
.PHONY: help rust build install demo test testacc bench chaos fuzz docs dist program pack prove reproduce lint fmt

help: ## lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

rust:
	@test -n "$(HOST)" || { echo "Rust is missing: install it from https://rustup.rs" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing: install gcc or clang" >&2; exit 1; }

build: rust ## builds both programs into target/release/
	cargo build --locked --release --bins --target $(HOST) --config "$(call FLAGS,$(HOST),$(STATIC))"
	@mkdir -p $(RELEASE)
	@cp target/$(HOST)/release/terraform-provider-auth0 target/$(HOST)/release/auth0-simulator $(RELEASE)/

install: build ## installs the provider for your user, into ~/.terraform.d/plugins
	scripts/mirror.sh "$(HOME)/.terraform.d/plugins"

demo: build ## runs a real apply of examples/demo against the simulator
	@$(WITH_TERRAFORM) $(RELEASE)/auth0-simulator run --quiet -- sh examples/demo/run.sh

test: lint build ## format, lints, all tests, and those with a core with Terraform 1.15 (TERRAFORM_1_15=off: without)
	$(WITH_TERRAFORM) scripts/run-tests.sh all

testacc: build ## only the tests with the real terraform; TF_BIN=tofu tests with another program
	$(WITH_TERRAFORM) scripts/run-tests.sh acceptance

# The target keeps what cargo builds for a benchmark out of $(RELEASE), which is what is measured.
bench: build ## prints every budget beside what is measured; BENCH_STREAMS="1 50" for less
	$(WITH_TERRAFORM) cargo bench --locked --bench budgets --target $(HOST)

chaos: build ## ROUNDS (10) of random faults and signals, from SEED on
	CHAOS_ROUNDS=$(ROUNDS) CHAOS_SEED=$(SEED) $(WITH_TERRAFORM) cargo test --locked --test chaos -- --nocapture

fuzz: rust ## fuzzes each target for SECONDS (60) with a nightly toolchain
	scripts/fuzz.sh $(SECONDS)

docs: rust ## renders docs/ from the schemas and examples/
	cargo run --locked --quiet -- docs --out docs

dist: pack prove ## the release of this machine in target/dist/: zip, hashes, licences, mirrors

program: build
ifneq ($(TARGET),$(HOST))
	CC_$(subst -,_,$(TARGET))=$${CC:-cc} cargo build --locked --release --bin terraform-provider-auth0 --target $(TARGET) --config "$(call FLAGS,$(TARGET))"
endif

pack: program
	scripts/dist.sh $(TARGET) $(DIST)

prove: program ## Linux: plan and apply in a root directory that is empty but for the program
ifeq ($(shell uname -s),Linux)
	@$(WITH_TERRAFORM) scripts/empty-root/run.sh $(TARGET)
else
	@echo "Not proved: that the program runs in an empty root, which is a matter of Linux."
endif

reproduce: pack ## builds the release again in another folder and compares all of it
	scripts/reproduce.sh $(TARGET) $(DIST)

lint: rust ## format and lints; with cargo-deny also licences and sources
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@PATH="$(CURDIR)/.tools/bin:$$PATH"; ! command -v cargo-deny >/dev/null || cargo deny check licenses bans sources

fmt: rust ## formats the code
	cargo fmt

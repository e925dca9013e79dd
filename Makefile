# `make` lists the targets. Every target needs Rust; demo, test and bench also need terraform or
# tofu, and fetch a pinned Terraform where neither is installed and Python is there.

HOST := $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')

# Terraform often runs in containers without a C library that fits, so on Linux the programs are
# linked statically, where the static C library is there (glibc-static on Fedora and Red Hat). An
# explicit target keeps procedural macros, which cannot be, out of it.
ifneq (,$(and $(findstring linux-gnu,$(HOST)),$(findstring /,$(shell cc -print-file-name=libc.a 2>/dev/null))))
STATIC := CARGO_TARGET_$(shell echo $(HOST) | tr 'a-z-' 'A-Z_')_RUSTFLAGS="-C target-feature=+crt-static"
endif

RELEASE := target/release
# Runs a command with TF_BIN naming the program to test with.
WITH_TERRAFORM := scripts/with-terraform.sh
SECONDS ?= 60
ROUNDS ?= 10
SEED ?=

.DEFAULT_GOAL := help
.PHONY: help rust build install demo test testacc bench chaos fuzz docs lint fmt

help: ## lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

rust:
	@test -n "$(HOST)" || { echo "Rust is missing: install it from https://rustup.rs" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing: install gcc or clang" >&2; exit 1; }

build: rust ## builds both programs into target/release/
	$(STATIC) cargo build --locked --release --bins --target $(HOST)
	@mkdir -p $(RELEASE)
	@cp target/$(HOST)/release/terraform-provider-auth0 target/$(HOST)/release/auth0-simulator $(RELEASE)/

install: build ## installs the provider for your user, into ~/.terraform.d/plugins
	scripts/mirror.sh "$(HOME)/.terraform.d/plugins"

demo: build ## runs a real apply of examples/demo against the simulator
	@$(WITH_TERRAFORM) $(RELEASE)/auth0-simulator run --quiet -- sh examples/demo/run.sh

test: lint build ## format, lints, all tests, and acceptance with Terraform 1.15 (TERRAFORM_1_15=off: without)
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

lint: rust ## format and lints; with cargo-deny also licences and sources
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@PATH="$(CURDIR)/.tools/bin:$$PATH"; ! command -v cargo-deny >/dev/null || cargo deny check licenses bans sources

fmt: rust ## formats the code
	cargo fmt

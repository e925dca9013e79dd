//! A Unix socket that no other user can open, whatever the umask: mode 0600 in a fresh folder of mode
//! 0700. `PLUGIN_UNIX_SOCKET_GROUP` widens both to one group.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::{
        fs::{DirBuilderExt, PermissionsExt, chown},
        net::UnixListener,
    },
    path::{Path, PathBuf, absolute},
};

use nix::unistd::Group;

use super::{handshake::SocketPlace, listener::ListenError};

/// Bytes of a socket path that the system takes, without the terminator.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The folder of a socket. It exists for the socket alone and goes with it.
#[derive(Debug)]
pub(super) struct SocketFolder {
    folder: PathBuf,
    socket: String,
}

impl SocketFolder {
    pub(super) fn socket(&self) -> &str {
        &self.socket
    }
}

impl Drop for SocketFolder {
    fn drop(&mut self) {
        // Nobody is left to be told of a failure.
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_dir(&self.folder);
    }
}

/// Binds a socket in the demanded folder; else in the temporary one, or in `/tmp` where that fails,
/// since a long `TMPDIR` does not fit into a socket address.
pub(super) fn bind(place: &SocketPlace) -> Result<(UnixListener, SocketFolder), ListenError> {
    let group = place.group.as_deref().map(group_id).transpose()?;
    match &place.demanded {
        Some(demanded) => bind_in(demanded, group),
        None => bind_in(&place.temporary, group).or_else(|err| {
            log::debug!("{err}; falling back to /tmp");
            // The first reason is the one to mend.
            bind_in(Path::new("/tmp"), group).map_err(|_| err)
        }),
    }
}

fn bind_in(parent: &Path, group: Option<u32>) -> Result<(UnixListener, SocketFolder), ListenError> {
    // The handshake asks for an absolute path.
    let parent = absolute(parent).map_err(ListenError::io("the socket's folder"))?;
    let folder = create_private(&parent)?;
    let listener = UnixListener::bind(&folder.socket)
        .map_err(ListenError::io(format!("could not bind {}", folder.socket)))?;
    let (folder_mode, socket_mode) = if group.is_some() { (0o710, 0o660) } else { (0o700, 0o600) };
    // The socket comes first: until the folder opens for the group, nobody else reaches it.
    give(Path::new(&folder.socket), group, socket_mode)?;
    give(&folder.folder, group, folder_mode)?;
    Ok((listener, folder))
}

/// Creates a folder of mode 0700. From there on a failure leaves nothing behind.
fn create_private(parent: &Path) -> Result<SocketFolder, ListenError> {
    // Should the name be taken, the creation fails: nobody can prepare a folder for us.
    let folder = parent.join(format!("plugin{:016x}", fastrand::u64(..)));
    let socket = speakable(folder.join("socket"))?;
    let what = format!("could not create {}", folder.display());
    DirBuilder::new().mode(0o700).create(&folder).map_err(ListenError::io(what))?;
    let folder = SocketFolder { folder, socket };
    // A umask may have taken rights from the owner too.
    give(&folder.folder, None, 0o700)?;
    Ok(folder)
}

/// The path as text, if it fits into a socket address and into the handshake.
fn speakable(path: PathBuf) -> Result<String, ListenError> {
    let length = path.as_os_str().len();
    if length > MAX_PATH {
        return Err(ListenError::PathTooLong { path, length, max: MAX_PATH });
    }
    match path.to_str() {
        Some(text) if !text.contains(['|', '\n', '\r']) => Ok(text.to_owned()),
        _ => Err(ListenError::PathUnspeakable { path }),
    }
}

/// Sets group and mode, the group first: the mode must never be granted to the group of before.
fn give(path: &Path, group: Option<u32>, mode: u32) -> Result<(), ListenError> {
    let given = |path: &Path| -> io::Result<()> {
        if group.is_some() {
            chown(path, None, group)?;
        }
        fs::set_permissions(path, Permissions::from_mode(mode))
    };
    given(path).map_err(ListenError::io(format!("could not set the mode of {}", path.display())))
}

/// A number is a group id; anything else is a name.
fn group_id(name: &str) -> Result<u32, ListenError> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    match Group::from_name(name) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        Ok(None) => Err(ListenError::NoSuchGroup { name: name.to_owned() }),
        Err(err) => {
            Err(ListenError::Io { what: format!("the group {name:?}"), source: err.into() })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn place(temporary: &Path) -> SocketPlace {
        SocketPlace { demanded: None, temporary: temporary.to_owned(), group: None }
    }

    fn mode(path: impl AsRef<Path>) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn is_the_owners_alone_and_leaves_nothing_behind() {
        let temporary = tempfile::tempdir().unwrap();
        let (listener, folder) = bind(&place(temporary.path())).unwrap();
        assert_eq!((mode(&folder.folder), mode(&folder.socket)), (0o700, 0o600));
        assert!(folder.folder.starts_with(temporary.path()));
        drop((listener, folder));
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_temporary_folder_that_does_not_do_is_replaced_by_tmp() {
        let temporary = tempfile::tempdir().unwrap();
        for unfit in [
            temporary.path().join("x".repeat(100)),
            temporary.path().join("a|b"),
            temporary.path().join("missing"),
        ] {
            if !unfit.ends_with("missing") {
                fs::create_dir(&unfit).unwrap();
            }
            let (_listener, folder) = bind(&place(&unfit)).unwrap();
            assert_eq!(folder.folder.parent(), Some(Path::new("/tmp")), "{}", unfit.display());
        }
    }

    #[test]
    fn a_demanded_folder_that_does_not_do_is_an_error_that_says_why() {
        let temporary = tempfile::tempdir().unwrap();
        for (folder, why) in [("x".repeat(100), "bytes"), ("a|b".to_owned(), "cannot be told")] {
            let demanded = temporary.path().join(folder);
            fs::create_dir(&demanded).unwrap();
            let refused =
                bind(&SocketPlace { demanded: Some(demanded), ..place(temporary.path()) });
            let text = refused.unwrap_err().to_string();
            assert!(text.contains(why), "{text}");
        }
    }

    #[test]
    fn a_group_is_a_number_or_an_existing_name() {
        assert_eq!(group_id("4711").unwrap(), 4711);
        let refused = group_id("no such group").unwrap_err();
        assert!(matches!(refused, ListenError::NoSuchGroup { .. }), "{refused}");
    }
}

// slipring/source.h for a source in Rust: implement Source, and export what table() makes of it. What a pull source does not
// need is left out. The tests compare every field with the header's.
use std::os::raw::{c_char, c_void};
use std::{any::Any, ffi::CStr, io, mem, panic, slice, str};

/// A source of bytes. `open` and `read` run on the stream's own thread, one at a time; `cancel` on any thread, beside `read`.
pub trait Source: Sized + Sync {
    /// `config` is JSON.
    fn open(config: Option<&str>) -> Result<Self, Failure>;
    /// Writes to the beginning of `into` and says how much; 0 is the end. After `cancel` it fails at once.
    fn read(&self, into: &mut [u8]) -> Result<usize, Failure>;
    fn cancel(&self);
}

/// An errno, or 0; the call that failed; and words.
pub struct Failure(pub i32, pub &'static str, pub String);

impl Failure {
    pub fn of(syscall: &'static str, error: io::Error) -> Failure {
        // What the system calls it, JavaScript knows.
        match error.raw_os_error() {
            Some(number) => Failure(number, syscall, String::new()),
            None => Failure(0, syscall, error.to_string()),
        }
    }
}

#[repr(C)]
struct SourceOption {
    name: *const c_char,
    text: *const c_char,
    text_size: usize,
    integer: i64,
}

#[repr(C)]
struct Options {
    struct_size: u32,
    item_size: u32,
    count: usize,
    items: *const u8, // SourceOption, but each is item_size bytes long
}

#[repr(C)]
struct Error {
    struct_size: u32,
    number: i32,
    syscall: [u8; 24],
    text: [u8; 224],
}

/// Ends where version 1.0 ends.
#[repr(C)]
pub struct Table {
    struct_size: u32,
    abi_version: u32,
    open: unsafe extern "C" fn(*const Options, *mut *mut c_void, *mut Error) -> i32,
    read: unsafe extern "C" fn(*mut c_void, *mut u8, usize, *mut c_void, *mut Error) -> i64,
    cancel: unsafe extern "C" fn(*mut c_void),
    close: unsafe extern "C" fn(*mut c_void),
    descriptor: usize, // this and what follows: NULL, since these functions are optional
    start: usize,
    wait: usize,
    name: usize,
}

pub const fn table<S: Source>() -> Table {
    Table {
        struct_size: mem::size_of::<Table>() as u32,
        abi_version: 1,
        open: open::<S>,
        read: read::<S>,
        cancel: cancel::<S>,
        close: close::<S>,
        descriptor: 0,
        start: 0,
        wait: 0,
        name: 0,
    }
}

unsafe extern "C" fn open<S: Source>(options: *const Options, this: *mut *mut c_void, error: *mut Error) -> i32 {
    contain(error, || {
        *this = Box::into_raw(Box::new(S::open(config(&*options))?)).cast();
        Ok(0)
    }) as i32
}

unsafe extern "C" fn read<S: Source>(
    this: *mut c_void,
    data: *mut u8,
    size: usize,
    _chunk: *mut c_void,
    error: *mut Error,
) -> i64 {
    contain(error, || (*this.cast::<S>()).read(slice::from_raw_parts_mut(data, size)))
}

unsafe extern "C" fn cancel<S: Source>(this: *mut c_void) {
    let _ = panic::catch_unwind(|| (*this.cast::<S>()).cancel());
}

unsafe extern "C" fn close<S: Source>(this: *mut c_void) {
    let _ = panic::catch_unwind(|| drop(Box::from_raw(this.cast::<S>())));
}

/// Tells C what came of `body`. No panic leaves it: it becomes a failure.
unsafe fn contain(error: *mut Error, body: impl FnOnce() -> Result<usize, Failure>) -> i64 {
    let result = panic::catch_unwind(panic::AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(Failure(0, "", format!("the source panicked: {}", words_of(&*panic)))));
    result.map_or_else(
        |Failure(number, syscall, text)| {
            (*error).number = number;
            copy(&mut (*error).syscall, syscall);
            copy(&mut (*error).text, &text);
            -1
        },
        |length| length as i64,
    )
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(words) => words,
        None => panic.downcast_ref::<&str>().unwrap_or(&"it did not say why"),
    }
}

/// As much of the text as there is room for, whole letters, and a NUL.
fn copy(into: &mut [u8], text: &str) {
    let fits = (0..into.len()).rev().find(|&length| text.is_char_boundary(length)).unwrap_or(0);
    into[..fits].copy_from_slice(&text.as_bytes()[..fits]);
    into[fits] = 0;
}

unsafe fn config(options: &Options) -> Option<&str> {
    (0..options.count)
        .map(|i| &*options.items.add(i * options.item_size as usize).cast::<SourceOption>())
        .find(|item| CStr::from_ptr(item.name).to_bytes() == b"config")
        .and_then(|item| str::from_utf8(slice::from_raw_parts(item.text.cast(), item.text_size)).ok())
}

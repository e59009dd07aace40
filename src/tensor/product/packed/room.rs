//! Memory of a thread's own to pack into, made once. Not for what outlives a product.

use std::cell::RefCell;
use std::mem::take;

use pulp::bytemuck::cast_slice_mut;

use crate::tensor::Real;

/// What it is used for: a thread may need one of each.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    /// Blocks of the left factor.
    Left,
    /// Columns of the right factor.
    Right,
}

/// Room starts here, so that no vector lies across two cache lines.
const LINE: usize = 64;

thread_local! {
    static ROOMS: RefCell<[Vec<f64>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

/// Calls `work` with room for `count` numbers, whatever they are.
pub(super) fn with_room<R: Real>(purpose: Use, count: usize, work: impl FnOnce(&mut [R])) {
    let mut room = ROOMS.with_borrow_mut(|rooms| take(&mut rooms[purpose as usize]));
    let needed = (count * size_of::<R>() + LINE).div_ceil(size_of::<f64>());
    if room.len() < needed {
        room = vec![0.0; needed];
    }
    let start = room.as_ptr().align_offset(LINE).min(LINE / size_of::<f64>());
    work(&mut cast_slice_mut(&mut room[start..])[..count]);
    ROOMS.with_borrow_mut(|rooms| rooms[purpose as usize] = room);
}

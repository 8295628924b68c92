package filelock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// One holds the lock at a time, and nothing is left behind.
func TestOneAtATime(t *testing.T) {
	target := filepath.Join(t.TempDir(), "file")
	var wg sync.WaitGroup
	var inside, both, count atomic.Int32
	for range 20 {
		wg.Go(func() {
			release, err := Acquire(t.Context(), target, time.Minute)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			if inside.Add(1) > 1 {
				both.Add(1)
			}
			time.Sleep(time.Millisecond)
			count.Add(1)
			inside.Add(-1)
		})
	}
	wg.Wait()
	if both.Load() != 0 || count.Load() != 20 {
		t.Errorf("%d met another one, %d in all", both.Load(), count.Load())
	}
	if _, err := os.Stat(Name(target)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the lock file is left: %v", err)
	}
}

func TestErrors(t *testing.T) {
	target := filepath.Join(t.TempDir(), "file")
	release, err := Acquire(t.Context(), target, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := Acquire(t.Context(), target, 10*time.Millisecond); !errors.Is(err, ErrBusy) {
		t.Errorf("held: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Acquire(ended, target, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Acquire(t.Context(), filepath.Join(target, "no", "folder"), time.Minute); err == nil || errors.Is(err, ErrBusy) {
		t.Errorf("no folder: %v", err)
	}
}

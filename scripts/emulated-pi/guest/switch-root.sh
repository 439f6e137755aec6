#!/bin/busybox sh
# First process of the emulated Pi with Debian: modules, then the SD card's system in its place.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module"; done < /modules/order
until [ -b /dev/mmcblk0 ] && [ -e /sys/class/net/usb0 ]; do usleep 50000; done
mkdir -p /disk
mount -t ext4 -o rw,noatime /dev/mmcblk0 /disk || exec sh
umount /proc /sys
mount --move /dev /disk/dev
exec switch_root /disk /sbin/init

/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What pwm-gpio.c of kernel 6.12 asks for and kernel 6.1 does not have: a chip and its driver's data in one piece. */
#include <linux/container_of.h>
#include <linux/device.h>
#include <linux/pwm.h>

struct backported_chip {
	struct pwm_chip chip;
	u64 data[];
};

static inline struct pwm_chip *devm_pwmchip_alloc(struct device *dev, unsigned int channels, size_t size)
{
	struct backported_chip *whole = devm_kzalloc(dev, sizeof(*whole) + size, GFP_KERNEL);

	if (!whole)
		return ERR_PTR(-ENOMEM);
	whole->chip.dev = dev;
	whole->chip.npwm = channels;
	return &whole->chip;
}

static inline void *pwmchip_get_drvdata(struct pwm_chip *chip)
{
	return container_of(chip, struct backported_chip, chip)->data;
}
